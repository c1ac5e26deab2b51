import { CID } from 'multiformats/cid';
import type { WitnessPolicy } from '../../log/witness-policy.ts';
import type { ResolvedName } from '../../node/names/resolve-name.ts';
import type { Reader } from './reader.ts';
import type { VerifyEffects, VerifyOptions } from './request.ts';

/** What is known of who reads, besides what was asked for. */
export interface ReaderFacts {
  policy: WitnessPolicy;
  /** How a name led to what was asked for; nothing where none did. */
  led: ResolvedName | undefined;
  /** See {@link Reader}. */
  remembers: boolean;
}

/** Who reads something of a publication: with a memory, witnesses and the newest edition that is here. */
export function readerOf(
  publication: string | undefined,
  { publication: expectedId, requireCurrent }: Pick<VerifyOptions, 'publication' | 'requireCurrent'>,
  { local, memories }: Pick<VerifyEffects, 'local' | 'memories'>,
  { policy, led, remembers }: ReaderFacts,
): Reader {
  const kept = publication === undefined ? undefined : local?.repository.followed.get(publication)?.edition;
  const edition = kept ?? local?.repository.head()?.edition;
  const head = edition === undefined ? undefined : CID.parse(edition);
  const { records = [], unconfirmed } = led ?? {};
  const mayBeOld = unconfirmed !== undefined && records.length === 0;
  return { memories, remembers, policy, expectedId, requireCurrent, head, records, mayBeOld };
}
