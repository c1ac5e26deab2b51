import {
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import { OvnError } from '../errors.ts';
import { ROLES, type RoleName } from '../trust/masthead.ts';

/** A key of the keyring as its file's name tells it. */
export interface KeyInfo {
  role: RoleName;
  did: string;
  /** Whether a passphrase is needed to read it. */
  encrypted: boolean;
  /** Name of its file in the keyring. */
  file: string;
}

const NAME = /^(?<role>[a-z]+)-(?<multibase>z[1-9A-HJ-NP-Za-km-z]+)\.pem(?<age>\.age)?$/;
const OTHERS = 0o077;
const IS_WINDOWS = process.platform === 'win32';

/** `<role>-<did without "did:key:">.pem`, or `.pem.age` where it is encrypted. */
export function keyFileName({ role, did, encrypted }: Omit<KeyInfo, 'file'>): string {
  return `${role}-${did.slice('did:key:'.length)}.pem${encrypted ? '.age' : ''}`;
}

/** What {@link keyFileName} was made of; nothing for any other name. */
export function parseKeyFileName(file: string): KeyInfo | undefined {
  const { role, multibase, age } = NAME.exec(file)?.groups ?? {};
  const known = ROLES.find((name) => name === role);
  if (known === undefined || multibase === undefined) return undefined;
  return { role: known, did: `did:key:${multibase}`, encrypted: age !== undefined, file };
}

/**
 * Reads a secret.
 *
 * @throws {OvnError} `key` when it is not there, or when others than its owner can read it.
 */
export function readSecret(path: string): Buffer {
  const file = open(path);
  try {
    const { mode } = fstatSync(file);
    if (!IS_WINDOWS && (mode & OTHERS) !== 0) {
      throw new OvnError('key', `${path} can be read by others (mode ${(mode & 0o777).toString(8)})`, {
        hint: `chmod 600 ${path}, and think about whether the key is still secret.`,
      });
    }
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

/**
 * Writes a secret that only its owner can read. It is there as a whole and durable, or not at all, and never takes the
 * place of another: a key that is lost is lost for ever.
 *
 * @throws {OvnError} `exists` when there is such a file.
 */
export function writeSecret(path: string, content: string | Uint8Array): void {
  const folder = dirname(path);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    writeDurably(draft, content);
    linkSync(draft, path); // unlike a rename, fails where there is a file
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new OvnError('exists', `the keyring has a file ${basename(path)} already; it was left as it is`, {
      cause: error,
    });
  } finally {
    rmSync(draft, { force: true });
  }
  if (!IS_WINDOWS) syncFolder(folder);
}

function writeDurably(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeFileSync(file, content);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function open(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY);
  } catch (error) {
    throw new OvnError('key', `the key file ${path} cannot be read`, { cause: error });
  }
}
