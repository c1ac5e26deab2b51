import { OvnError } from '../errors.ts';
import { readFileLimited } from '../repo/source-files.ts';
import type { Terminal } from './terminal.ts';
import { visible } from './wording.ts';

const LIMIT = 4096;

/**
 * The passphrase of the keyring: from OVN_PASSPHRASE, a file, or asked for on a terminal; nothing where none of them is
 * there. Never from the command line, which others can see.
 */
export async function askPassphrase(
  terminal: Terminal,
  file: string | undefined,
  question: string,
): Promise<string | undefined> {
  const given = process.env['OVN_PASSPHRASE'];
  if (given !== undefined && given !== '') return given;
  if (file !== undefined) return readPassphraseFile(file);
  return askQuestion(terminal, question);
}

/** Asks on a terminal; nothing where there is none. */
export async function askQuestion(terminal: Terminal, question: string): Promise<string | undefined> {
  return process.stdin.isTTY === true && terminal.interactive ? ask(terminal, question) : undefined;
}

/** A new passphrase, asked for twice; an empty one means none. */
export async function choosePassphrase(
  terminal: Terminal,
  file: string | undefined,
): Promise<string | undefined> {
  const first = await askPassphrase(terminal, file, 'Passphrase for the keys (empty for none): ');
  if (first === undefined || first === '') return undefined;
  const asked = process.env['OVN_PASSPHRASE'] !== first && file === undefined;
  if (asked && (await ask(terminal, 'The same passphrase again: ')) !== first) {
    throw new OvnError('key', 'the two passphrases differ; nothing was made');
  }
  return first;
}

/**
 * The first line of a file, without the line's end.
 *
 * @throws {OvnError} `key` when it is empty: whoever names a file wants a passphrase, and gets no keys without one.
 */
export function readPassphraseFile(file: string): string {
  const { bytes } = readFileLimited(file, LIMIT, file);
  const [line = ''] = Buffer.from(bytes).toString('utf8').split(/\r?\n/, 1);
  if (line === '') throw new OvnError('key', `the file ${file} holds no passphrase`);
  return line;
}

/** Asks without showing what is typed. */
function ask(terminal: Terminal, question: string): Promise<string> {
  const { stdin } = process;
  const { stderr } = terminal.streams;
  stderr.write(visible(question));
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  return new Promise((resolve, reject) => {
    let typed = '';
    const finish = (settle: () => void): void => {
      stdin.off('data', listen);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      settle();
    };
    const listen = (chunk: string): void => {
      for (const key of chunk) {
        if (key === '\r' || key === '\n') {
          finish(() => resolve(typed));
          return;
        }
        if (key === '\u0003') {
          finish(() => reject(new OvnError('interrupted', 'interrupted')));
          return;
        }
        typed = key === '\u007f' || key === '\b' ? typed.slice(0, -1) : typed + key;
      }
    };
    stdin.on('data', listen);
    stdin.resume();
  });
}
