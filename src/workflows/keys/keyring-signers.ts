import { listKeys, loadKeys } from '../../repo/keyring.ts';
import type { Signer } from '../../trust/proof.ts';
import { signerOf } from '../../trust/sign-document.ts';

/**
 * The keys of a keyring that are among those wanted, ready to sign.
 *
 * @param passphrase asked for only where one of them is encrypted.
 * @throws {OvnError} `key` when the passphrase is missing or wrong.
 */
export async function loadSigners(
  keysDir: string,
  wanted: Iterable<string>,
  passphrase: () => Promise<string | undefined>,
): Promise<Signer[]> {
  const asked = new Set(wanted);
  const held = listKeys(keysDir).filter(({ did }) => asked.has(did));
  const dids = [...new Set(held.map(({ did }) => did))];
  const given = held.some(({ encrypted }) => encrypted) ? await passphrase() : undefined;
  const keys = await loadKeys(keysDir, dids, given);
  return keys.map(({ privateKey }) => signerOf(privateKey));
}
