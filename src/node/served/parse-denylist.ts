import { setImmediate } from 'node:timers/promises';
import { load } from 'js-yaml';
import { type DenyRule, parseDenyRule } from './deny-rule.ts';

/** A line that is not understood. Lines count from 1. */
export interface DenyProblem {
  line: number;
  message: string;
}

export interface ParsedDenylist {
  rules: DenyRule[];
  problems: DenyProblem[];
}

/** Of a line, and of the header (Compact Denylist Format, "File syntax"); bytes. */
const LINE_LIMIT = 2 * 1024 * 1024;
const HEADER_LIMIT = 1024 * 1024;
const END_OF_HEADER = '---';
const LINES_A_TURN = 2000;
const MOST_PROBLEMS = 100;

/**
 * Reads the text of a `.deny` file. Every line that is not understood is told, up to a hundred of them: who denies something must be
 * sure that it is denied.
 */
export async function parseDenylist(text: string): Promise<ParsedDenylist> {
  const lines = text.split('\n');
  const header = headerOf(lines);
  const problems: DenyProblem[] = [];
  const wrong = header === undefined ? undefined : checkHeader(header.join('\n'));
  if (wrong !== undefined) return { rules: [], problems: [{ line: 1, message: wrong }] };
  const rules: DenyRule[] = [];
  for (let at = header === undefined ? 0 : header.length + 1; at < lines.length; at++) {
    if (at % LINES_A_TURN === 0) await setImmediate();
    const rule = readLine(lines[at] ?? '');
    if (typeof rule === 'object') rules.push(rule);
    else if (rule !== undefined) problems.push({ line: at + 1, message: rule });
    if (problems.length >= MOST_PROBLEMS) break;
  }
  return { rules, problems };
}

function readLine(line: string): DenyRule | string | undefined {
  if (line.length > LINE_LIMIT) return 'the line is longer than 2 MiB';
  return line.trim() === '' || line.startsWith('#') ? undefined : parseDenyRule(line);
}

/** The lines before the first `---`, where it comes within 1 MiB. */
function headerOf(lines: readonly string[]): string[] | undefined {
  let length = 0;
  for (const [at, line] of lines.entries()) {
    if (line.trimEnd() === END_OF_HEADER) return lines.slice(0, at);
    length += line.length + 1;
    if (length > HEADER_LIMIT) return undefined;
  }
  return undefined;
}

function checkHeader(text: string): string | undefined {
  try {
    const header = text.trim() === '' ? {} : load(text);
    if (header === null || typeof header !== 'object') return 'the header is not a list of fields';
    const { version = 1 } = header as { version?: unknown };
    return version === 1 ? undefined : `version ${JSON.stringify(version)} of the format is not known`;
  } catch (error) {
    return `the header is not YAML: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`;
  }
}
