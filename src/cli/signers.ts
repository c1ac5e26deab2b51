import { isLocked, listKeys, loadKeys } from '../repo/keyring.ts';
import type { Repository } from '../repo/repository.ts';
import type { RoleName } from '../trust/masthead.ts';
import { readMastheads } from '../trust/masthead-chain.ts';
import type { Signer } from '../trust/proof.ts';
import { selectKeys } from '../trust/select-key.ts';
import { signerOf } from '../trust/sign-document.ts';
import { askPassphrase } from './passphrase.ts';
import type { Terminal } from './terminal.ts';

/** The roles that a publication signs in. */
const SIGNING = ['desk', 'edition', 'log'] as const satisfies readonly RoleName[];
const QUESTION = 'Passphrase of the keys: ';
type SigningRole = (typeof SIGNING)[number];

/**
 * The keys that a publication signs with, unlocked at most once, and only when the first is asked for: those of the
 * keyring that a masthead names and none revokes.
 */
export function openSigners(
  repository: Repository,
  terminal: Terminal,
  passphraseFile: string | undefined,
  ask = () => askPassphrase(terminal, passphraseFile, QUESTION),
): (role: SigningRole) => Promise<readonly Signer[]> {
  const { keysDir } = repository;
  let unlocked: Promise<Map<SigningRole, Signer[]>> | undefined;
  const unlock = async (): Promise<Map<SigningRole, Signer[]>> => {
    const wanted = selectAll(repository);
    const passphrase = isLocked(keysDir) ? await ask() : undefined;
    const keys = await loadKeys(keysDir, [...new Set([...wanted.values()].flat())], passphrase);
    const byDid = new Map(keys.map(({ did, privateKey }) => [did, signerOf(privateKey)]));
    return new Map([...wanted].map(([role, dids]) => [role, dids.flatMap((did) => byDid.get(did) ?? [])]));
  };
  return async (role) => {
    unlocked ??= unlock();
    return (await unlocked).get(role) ?? [];
  };
}

/** The did:keys of the keyring that may sign in each role, or once could. */
function selectAll(repository: Repository): Map<SigningRole, string[]> {
  const mastheads = readMastheads(repository.mastheads().map(({ bytes }) => bytes));
  const held = listKeys(repository.keysDir);
  return new Map(
    SIGNING.map((role) => {
      const dids = held.filter((key) => key.role === role).map(({ did }) => did);
      return [role, selectKeys(mastheads, role, dids)];
    }),
  );
}

/** The passphrase of a keyring, asked for at most once, and only where it has one. */
export function openPassphrase(
  keysDir: string,
  terminal: Terminal,
  passphraseFile: string | undefined,
): () => Promise<string | undefined> {
  let asked: Promise<string | undefined> | undefined;
  return async () => {
    if (!isLocked(keysDir)) return undefined;
    asked ??= askPassphrase(terminal, passphraseFile, QUESTION);
    return asked;
  };
}
