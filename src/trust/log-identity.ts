import type { LogIdentity } from '../log/checkpoint.ts';
import { verifierOf } from '../log/verifier.ts';
import { rawKeyOf } from './did-key.ts';
import type { Masthead } from './masthead.ts';

/** Who signs the checkpoints of a publication, as one of its mastheads says: mostly the newest. */
export function logIdentity({ origin, roles: { log } }: Masthead): LogIdentity {
  const keys = log.keys.map(({ id }) => verifierOf(origin, rawKeyOf(id), 'ed25519'));
  return { origin, keys, threshold: log.threshold };
}
