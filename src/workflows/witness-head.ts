import type { PublishEffects } from './publish.ts';
import type { PostCheckpoint } from './witnessing/ask-witness.ts';
import { carryCosignatures } from './witnessing/carry.ts';
import { gatherCosignatures } from './witnessing/gather.ts';
import { isWitnessed, reportWitnesses, type WitnessReport } from './witnessing/report.ts';

/** What witnesses are asked with. */
export interface WitnessEffects
  extends Pick<PublishEffects, 'repository' | 'node' | 'lock' | 'signal' | 'onStep'> {
  post: PostCheckpoint;
  /** For all witnesses together, in ms. */
  deadlineMs: number;
}

/** The head and who has cosigned it. */
export interface WitnessedHead {
  sequence: number;
  /** Its root now: another one where cosignatures came. */
  edition: string;
  /** Whether they are as many as ovn.json demands. */
  witnessed: boolean;
  report: WitnessReport;
}

/**
 * Has the head cosigned by the witnesses of ovn.json, after its publication: they never see what is not durable. It may
 * be called at any time and as often as one likes, and goes on where the last call stopped.
 *
 * A crash while they are asked leaves the cosignatures that came; one before the root is replaced leaves all of them.
 *
 * @returns nothing where nothing is published.
 */
export async function witnessHead(effects: WitnessEffects): Promise<WitnessedHead | undefined> {
  const { repository, node, onStep } = effects;
  onStep?.('witness', 'before');
  await gatherCosignatures({ ...effects, read: node.read });
  onStep?.('witness', 'within');
  await carryCosignatures(effects);
  onStep?.('witness', 'after');
  const head = repository.head();
  if (head === undefined) return undefined;
  const { sequence, edition } = head;
  return {
    sequence,
    edition,
    witnessed: isWitnessed(repository),
    report: reportWitnesses(repository, sequence),
  };
}
