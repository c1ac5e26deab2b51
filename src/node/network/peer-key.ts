import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys';
import type { PrivateKey } from '@libp2p/interface';
import type { Datastore } from 'interface-datastore';
import { Key } from 'interface-datastore/key';

const KEY = new Key('/openvoicenews/peer-key');

/**
 * The key that a repository's peer is known by, made at the first call. It signs nothing that is published, so it lies in
 * the datastore and not in the keyring: whoever takes it can pass for the peer, and for nobody else.
 */
export async function loadPeerKey(datastore: Datastore): Promise<PrivateKey> {
  if (await datastore.has(KEY)) return privateKeyFromProtobuf(await datastore.get(KEY));
  const made = await generateKeyPair('Ed25519');
  await datastore.put(KEY, privateKeyToProtobuf(made));
  return made;
}
