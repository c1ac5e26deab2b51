import { parseVerifierKey } from '../../log/verifier.ts';
import type { Repository } from '../../repo/repository.ts';
import type { ConfiguredWitness } from '../../repo/witness-settings.ts';
import { formatInstant } from '../../trust/instant.ts';

/** Who of the configured witnesses has cosigned the head. With a threshold of 0 none is configured: unwitnessed. */
export interface WitnessReport {
  threshold: number;
  /** `time` in UTC. */
  cosigned: { name: string; time: string }[];
  /** `problem`: what it last said instead, where it was asked. */
  missing: { name: string; problem: string | null }[];
}

/** What is stored of the head's witnesses; of an edition that is not made yet nobody has cosigned. */
export function reportWitnesses({ settings, witnesses }: Repository, sequence?: number): WitnessReport {
  const { threshold, list } = settings.witnesses ?? { threshold: 0, list: [] };
  const stored = sequence === undefined ? [] : witnesses.cosignatures(sequence);
  const times = new Map(stored.map(({ key, time }) => [key, time]));
  const report: WitnessReport = { threshold, cosigned: [], missing: [] };
  for (const witness of list) {
    const name = nameOfWitness(witness);
    const time = times.get(witness.key);
    if (time !== undefined) report.cosigned.push({ name, time: instantOf(time) });
    else report.missing.push({ name, problem: witnesses.state(witness.key).problem ?? null });
  }
  return report;
}

/** Whether as many have cosigned the head as ovn.json demands. */
export function isWitnessed(repository: Repository): boolean {
  const { cosigned, threshold } = reportWitnesses(repository, repository.head()?.sequence);
  return cosigned.length >= threshold;
}

/** As ovn.json calls it, else by the name in its key. */
export function nameOfWitness({ name, key }: ConfiguredWitness): string {
  return name ?? parseVerifierKey(key).name;
}

/** Latest moment that is written with a year of four digits, in seconds since 1970. */
const LAST_SECOND = 253_402_300_799;

/** A cosignature's time in UTC; witnesses state what they like. */
export function instantOf(seconds: number): string {
  return formatInstant(new Date(Math.min(seconds, LAST_SECOND) * 1000));
}
