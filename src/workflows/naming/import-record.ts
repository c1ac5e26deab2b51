import { basename } from 'node:path';
import { OvnError } from '../../errors.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import { type NameRecord, RECORD_LIMIT, readNameRecord } from '../../node/names/record.ts';
import type { Repository } from '../../repo/repository.ts';
import { readFileLimited } from '../../repo/source-files.ts';
import { ownNames } from './own-names.ts';

/**
 * Takes in a record as a file. A record of Ed25519 does not say whose it is: its name is given, or the file is called
 * `<name>.ipns-record` or `<name>_….ipns-record`, or it is of this publication.
 *
 * @throws {OvnError} `usage` where its name is not known; `refused`, `malformed` or `limit` for the record; `exists` where a
 * newer one is kept, which stays.
 */
export async function importRecord(
  file: string,
  named: Name | undefined,
  repository: Repository,
): Promise<{ record: NameRecord; kept: 'kept' | 'same' }> {
  const { bytes } = readFileLimited(file, RECORD_LIMIT, file);
  const record = await readAs(candidates(file, named, repository), new Uint8Array(bytes));
  const isOwn = ownNames(repository).some(({ name }) => name.equals(record.name));
  const kept = isOwn ? repository.names.putOwn(record) : repository.names.put(record);
  if (kept !== 'older') return { record, kept };
  const { sequence = 0n } = repository.names.get(record.name) ?? {};
  throw new OvnError(
    'exists',
    `it is record ${record.sequence} of ${formatName(record.name)}; record ${sequence} is here, and stays`,
  );
}

function candidates(file: string, named: Name | undefined, repository: Repository): readonly Name[] {
  const called = named ?? parseName(/^[A-Za-z0-9]+/.exec(basename(file))?.[0] ?? '');
  return called === undefined ? ownNames(repository).map(({ name }) => name) : [called];
}

/** By the first name whose key signed it. */
async function readAs(names: readonly Name[], bytes: Uint8Array): Promise<NameRecord> {
  let objection: unknown;
  for (const name of names) {
    try {
      return await readNameRecord(name, bytes);
    } catch (error) {
      if (!(error instanceof OvnError) || error.code !== 'refused') throw error;
      objection ??= error;
    }
  }
  if (names.length === 1) throw objection;
  throw new OvnError(
    'usage',
    'whose record it is cannot be told from it: it is of no name of this publication',
    {
      hint: 'ovn name import FILE NAME says so.',
      cause: objection,
    },
  );
}
