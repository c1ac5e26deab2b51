import { basename } from 'node:path';
import { OvnError } from '../../errors.ts';
import { formatName, type Name, parseName } from '../../node/names/name.ts';
import { type NameRecord, RECORD_LIMIT, readNameRecord } from '../../node/names/record.ts';
import type { Repository } from '../../repo/repository.ts';
import { readFileLimited } from '../../repo/source-files.ts';
import { keptRecords } from './kept-records.ts';
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
  const bytes = new Uint8Array(readFileLimited(file, RECORD_LIMIT, file).bytes);
  const name = named ?? parseName(/^[A-Za-z0-9]+/.exec(basename(file))?.[0] ?? '');
  const record = await (name === undefined ? readAsOwn(bytes, repository) : readNameRecord(name, bytes));
  const kept = keptRecords(repository).put(record);
  if (kept !== 'older') return { record, kept };
  const { sequence = 0n } = repository.names.get(record.name) ?? {};
  throw new OvnError(
    'exists',
    `it is record ${record.sequence} of ${formatName(record.name)}; record ${sequence} is here, and stays`,
  );
}

/** By the one of our own names whose key signed it. */
async function readAsOwn(bytes: Uint8Array, repository: Repository): Promise<NameRecord> {
  for (const { name } of ownNames(repository)) {
    try {
      return await readNameRecord(name, bytes);
    } catch (error) {
      if (!(error instanceof OvnError) || error.code !== 'refused') throw error;
    }
  }
  throw new OvnError(
    'usage',
    'whose record it is cannot be told from it: it is of no name of this publication',
    {
      hint: 'ovn name import FILE NAME says so.',
    },
  );
}
