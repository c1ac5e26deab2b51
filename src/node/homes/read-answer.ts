import { OvnError } from '../../errors.ts';
import { readLimited } from '../retrieve/read-limited.ts';
import type { HomeAnswer } from './ask-home.ts';

/** Most bytes of one document or one line that are read. */
const MAX_DOCUMENT = 1024 * 1024;

/** The JSON that an answer is. @throws {OvnError} `limit`, `malformed`, `io` */
export async function readJson(answer: HomeAnswer): Promise<unknown> {
  return parse(Buffer.from(await readLimited(answer.body, MAX_DOCUMENT)).toString('utf8'));
}

/**
 * The JSON of each line (NDJSON), as they come.
 * @throws {OvnError} `io` also where it says at its end that it broke off in the middle (`X-Stream-Error`): nothing else tells a part from all
 */
export async function* readLines(answer: HomeAnswer): AsyncGenerator<unknown> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of answer.body) {
    const lines = `${rest}${decoder.decode(chunk, { stream: true })}`.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_DOCUMENT) throw new OvnError('limit', 'it sends a line without end');
    yield* lines.filter(isText).map(parse);
  }
  if (isText(rest)) yield parse(rest);
  const failure = answer.streamError();
  if (failure !== undefined) throw new OvnError('io', `it breaks off: ${failure}`);
}

/** What an answer that is no success says of the reason, in its own words; they are not fit to be shown yet. */
export async function readReason(answer: HomeAnswer): Promise<string> {
  const text = Buffer.from(await readLimited(answer.body, MAX_DOCUMENT)).toString('utf8');
  if (!answer.type.startsWith('application/json')) return text;
  try {
    const { Message, message } = JSON.parse(text);
    return String(Message ?? message ?? text);
  } catch {
    return text;
  }
}

const isText = (line: string): boolean => line.trim() !== '';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new OvnError('malformed', 'it sends what is no JSON', { cause });
  }
}
