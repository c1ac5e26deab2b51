import { text as readText } from 'node:stream/consumers';
import { OvnError } from '../errors.ts';
import type { HomeSecrets } from '../node/homes/home.ts';
import { readToken } from '../repo/home-tokens.ts';
import type { CredentialsPlace, StoredHome } from '../repo/homes.ts';
import type { Repository } from '../repo/repository.ts';
import { readFileLimited } from '../repo/source-files.ts';

/** Bytes; a token is far smaller. */
const LIMIT = 16 * 1024;

/** Where credentials come from, as the command line says. */
export interface TokenFlags {
  tokenEnv?: string;
  tokenFile?: string;
  tokenStdin?: boolean;
}

/** What `remote add` was told of credentials: never themselves, but with `--token-stdin`, which nobody else sees. */
export async function readTokenFlags(
  flags: TokenFlags,
): Promise<{ credentials: CredentialsPlace | undefined; token: string | undefined }> {
  const { tokenEnv, tokenFile, tokenStdin } = flags;
  if ([tokenEnv, tokenFile, tokenStdin].filter((flag) => flag !== undefined).length > 1)
    throw new OvnError('usage', 'a token is in one place: --token-env, --token-file or --token-stdin');
  if (tokenEnv !== undefined) return { credentials: { env: checkedVariable(tokenEnv) }, token: undefined };
  if (tokenFile !== undefined) return { credentials: { file: tokenFile }, token: undefined };
  if (tokenStdin !== true) return { credentials: undefined, token: undefined };
  return { credentials: { keyring: true }, token: firstLine(await readInput(), 'standard input') };
}

/** Reads the credentials of a home from where they are. @throws {OvnError} `key` where they are not there */
export async function secretsOf(
  { name, credentials }: StoredHome,
  { keysDir }: Repository,
  passphrase: () => Promise<string | undefined>,
): Promise<HomeSecrets> {
  if (credentials === null) return {};
  if ('env' in credentials) return { token: fromEnvironment(name, credentials.env) };
  if ('file' in credentials) return { token: fromFile(name, credentials.file) };
  return { token: await readToken(keysDir, name, passphrase).catch(unreadable(name)) };
}

function fromEnvironment(home: string, variable: string): string {
  const token = process.env[variable]?.trim();
  if (token !== undefined && token !== '') return token;
  throw new OvnError('key', `the token of ${home} is not there: ${variable} is not set`, {
    hint: `Set ${variable} to it, or keep it in the keyring: ovn remote rm ${home}, and add it again with --token-stdin.`,
  });
}

function fromFile(home: string, path: string): string {
  try {
    const { bytes } = readFileLimited(path, LIMIT, path);
    return firstLine(Buffer.from(bytes).toString('utf8'), path);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new OvnError('key', `the token of ${home} cannot be read: ${why}`, {
      hint: `Put it into that file, or keep it in the keyring: ovn remote rm ${home}, and add it again with --token-stdin.`,
    });
  }
}

/** The file of a token may be another's, or on a disk that fails: that is one home's trouble. */
function unreadable(home: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof OvnError || !(error instanceof Error)) throw error;
    throw new OvnError('key', `the token of ${home} cannot be read: ${error.message}`);
  };
}

function firstLine(content: string, where: string): string {
  const [line = ''] = content.split(/\r?\n/, 1);
  if (line.trim() === '') throw new OvnError('key', `${where} holds no token`);
  return line.trim();
}

/** A token where a name belongs must not be repeated. */
function checkedVariable(name: string): string {
  if (/^[A-Z_][A-Z0-9_]{0,99}$/.test(name)) return name;
  throw new OvnError(
    'usage',
    '--token-env takes the name of an environment variable, such as PIN_TOKEN, not the token',
  );
}

async function readInput(): Promise<string> {
  const { stdin } = process;
  if (stdin.isTTY)
    throw new OvnError('usage', '--token-stdin reads from a pipe or a file: ovn remote add … < token');
  const given = await readText(stdin);
  if (given.length > LIMIT) throw new OvnError('key', 'standard input holds no token: it is too long');
  return given;
}
