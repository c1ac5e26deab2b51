import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { OvnError } from '../errors.ts';
import { PROPOSAL_LIMIT, type Proposal, parseProposal } from '../manifest/proposal.ts';
import { createFile, readFileLimited, replaceFile } from '../repo/source-files.ts';

/** Reads a file that proposes something. Throws as `parseProposal` does, naming the file. */
export function readProposal(file: string): Proposal {
  const { bytes } = readFileLimited(file, PROPOSAL_LIMIT, file);
  try {
    return parseProposal(bytes);
  } catch (error) {
    if (!(error instanceof OvnError)) throw error;
    throw new OvnError(error.code, `${file}: ${error.message}`, { cause: error });
  }
}

/** @throws {OvnError} `exists` when there is a file: signatures in it would be lost. */
export function requireNoFile(file: string): void {
  if (!existsSync(file)) return;
  throw new OvnError('exists', `there is a file ${file}: it was left as it is`, {
    hint: 'Finish what it proposes, or move it away.',
  });
}

/** Writes a new proposal, whole or not at all; gives its path. Throws as {@link requireNoFile} does. */
export function writeProposal(file: string, bytes: Uint8Array): string {
  requireNoFile(file);
  createFile(file, bytes);
  return resolve(file);
}

/** Puts a proposal with more signatures in the place of the one that was read. */
export function rewriteProposal(file: string, bytes: Uint8Array): string {
  replaceFile(file, Buffer.from(bytes).toString('utf8'));
  return resolve(file);
}
