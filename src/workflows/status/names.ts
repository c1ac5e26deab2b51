import { formatName } from '../../node/names/name.ts';
import type { Repository } from '../../repo/repository.ts';
import { editionAt } from '../naming/named-edition.ts';
import { type OwnName, ownNames } from '../naming/own-names.ts';
import { OWN_RECORD } from '../serving/publish-our-names.ts';
import type { NameStatus } from './report.ts';
import { secondsLeft } from './times.ts';

/** The names of the publication with the records that are known here: current names always, former ones while they have one. */
export function namesStatus(repository: Repository, now: Date): NameStatus[] {
  return ownNames(repository)
    .map((own) => describe(own, repository, now))
    .filter(({ own, record }) => own === 'current' || record !== null);
}

function describe({ name, state }: OwnName, repository: Repository, now: Date): NameStatus {
  const record = repository.names.get(name);
  if (record === undefined) return { name: formatName(name), own: state, record: null };
  const { sequence, value, validUntil } = record;
  return {
    name: formatName(name),
    own: state,
    record: {
      sequence: Number(sequence),
      value,
      edition: editionAt(record, repository)?.sequence ?? null,
      validUntil: validUntil.toISOString(),
      timeLeft: secondsLeft(validUntil, now),
      renewFrom: new Date(validUntil.getTime() - OWN_RECORD.lifetime / 2).toISOString(),
    },
  };
}
