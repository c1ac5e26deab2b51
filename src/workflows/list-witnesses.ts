import type { Repository } from '../repo/repository.ts';
import { instantOf, nameOfWitness } from './witnessing/report.ts';
import { logSizeOfHead } from './witnessing/size-of-log.ts';

/** A configured witness and how far it has come. */
export interface ListedWitness {
  name: string;
  url: string;
  /** Its verifier key. */
  key: string;
  /** Whether it has cosigned the head. */
  cosigned: boolean;
  /** Entries of the log in the checkpoint that it cosigned last; 0 for none. */
  size: number;
  /** When it did. UTC. */
  time: string | null;
  /** What it last said instead. */
  problem: string | null;
}

/** What `ovn log witnesses --json` prints. With a threshold of 0 none is configured. */
export interface WitnessList {
  threshold: number;
  /** How many have cosigned the head. */
  cosigned: number;
  /** Entries of the head's log. */
  size: number;
  witnesses: ListedWitness[];
}

/** The witnesses of ovn.json in its order, from what is stored: nobody is asked. */
export function listWitnesses(repository: Repository): WitnessList {
  const { threshold, list } = repository.settings.witnesses ?? { threshold: 0, list: [] };
  const of = repository.head()?.sequence ?? 0;
  const has = new Set(repository.witnesses.cosignatures(of).map(({ key }) => key));
  const witnesses = list.map((witness): ListedWitness => {
    const { size, time, problem = null } = repository.witnesses.state(witness.key);
    const { url, key } = witness;
    return {
      name: nameOfWitness(witness),
      url,
      key,
      cosigned: has.has(key),
      size,
      time: time === undefined ? null : instantOf(time),
      problem,
    };
  });
  const cosigned = witnesses.filter((witness) => witness.cosigned).length;
  return { threshold, cosigned, size: logSizeOfHead(repository), witnesses };
}
