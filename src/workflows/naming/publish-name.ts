import type { KeyObject } from 'node:crypto';
import { CID } from 'multiformats/cid';
import { EXIT, OvnError } from '../../errors.ts';
import { putToRouters } from '../../node/names/ask-routers.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Head } from '../../repo/head.ts';
import { loadKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { clearRestoredNames } from '../../repo/restored-mark.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { measureDag } from '../measure-dag.ts';
import { findKnown, type KnownRecord, requireNewest } from './known-record.ts';
import { type Due, dueFor, nextSequence, pathOf, type RecordOptions, signNext } from './next-record.ts';
import { heldNames, type OwnName } from './own-names.ts';

export interface NamePublishOptions extends RecordOptions {
  /** Whether it is signed also where nobody can say which record was the last, or that one leads elsewhere. */
  regardless: boolean;
  dryRun: boolean;
}

export interface NamePublishEffects {
  repository: Repository;
  read: BlockReader;
  routers: readonly NameRouter[];
  lock(): Promise<AsyncDisposable>;
  /** Of the keyring; asked for where something is to be signed. */
  passphrase(): Promise<string | undefined>;
  now: Date;
  signal: AbortSignal;
}

/** What became of one name. */
export interface NamedReport {
  name: string;
  /** `waiting`: a former name, until an edition names its successor. */
  status: 'published' | 'unchanged' | 'planned' | 'waiting';
  value: string;
  sequence: number;
  /** UTC. */
  validUntil: string;
  /** Seconds. */
  ttl: number;
  /** Where it was put, and what went wrong there. */
  routers: { router: string; problem: string | null }[];
}

export interface NamePublishReport {
  /** Of the edition that the names lead to. */
  edition: { sequence: number; cid: string };
  /** The name of the publication; with several name keys here, all of them. */
  names: NamedReport[];
  /** Former names whose keys are here: each has a last record, which leads to an edition that names the new key. */
  former: NamedReport[];
}

/** A name on its way to its next record. */
interface Naming extends KnownRecord {
  own: OwnName;
  due: Due;
}

/**
 * Lets the names of the publication lead to its head edition. The number of a record is one more than any that is known,
 * and what is signed is stored before anybody is given it (invariants 2 and 3). The lock keeps two processes from signing one number.
 *
 * @throws {OvnError} `not-found` while nothing is published; `key` without a name key; `incomplete` where the edition is not
 * whole, or as {@link requireNewest}; `exists` as that one.
 */
export async function publishName(
  options: NamePublishOptions,
  effects: NamePublishEffects,
): Promise<{ report: NamePublishReport; exitCode: number }> {
  const { repository, now } = effects;
  await using _lock = await effects.lock();
  const head = await requireHead(effects);
  const namings = await learn(head, options, effects);
  const keys = options.dryRun ? new Map<string, KeyObject>() : await openKeys(namings, effects);
  const reports: { own: OwnName; report: NamedReport }[] = [];
  for (const naming of namings) {
    const { own, record: known, due } = naming;
    const key = due === 'sign' ? keys.get(own.did) : undefined;
    const signed = key && (await signNext(own, key, known, head, { ...options, now }));
    const record = signed ?? known;
    if (record !== undefined && !options.dryRun) keep(repository, record, known);
    const routers = record === undefined || options.dryRun ? [] : await spread(naming, record, effects);
    const report = reportOf(naming, record, { signed, head, options, now });
    reports.push({ own, report: { ...report, routers } });
  }
  const edition = { sequence: head.sequence, cid: head.edition };
  const of = (isCurrent: boolean) =>
    reports.filter(({ own }) => (own.state === 'current') === isCurrent).map(({ report }) => report);
  const failed = reports.some(({ report }) => report.routers.some(({ problem }) => problem !== null));
  const exitCode = failed ? EXIT.incomplete : EXIT.done;
  return { report: { edition, names: of(true), former: of(false) }, exitCode };
}

/** Invariant 2: a name leads only to what is stored as a whole; a head is signed. */
async function requireHead({ repository, read, signal }: NamePublishEffects): Promise<Head> {
  const head = repository.head();
  if (head === undefined) {
    throw new OvnError('not-found', 'nothing is published yet that a name could lead to', {
      hint: 'ovn publish makes the first edition.',
    });
  }
  if (!repository.pins.isComplete(head.edition)) await measureDag(CID.parse(head.edition), read, signal);
  return head;
}

/** What is known of each name whose key is here, and what it needs; former names that were never used are left out. */
async function learn(
  head: Head,
  options: NamePublishOptions,
  effects: NamePublishEffects,
): Promise<Naming[]> {
  const { repository, now } = effects;
  const held = heldNames(repository).filter(({ state }) => state !== 'revoked');
  if (!held.some(({ state }) => state === 'current')) {
    throw new OvnError('key', 'the keyring has no name key that the masthead names: nothing can be signed', {
      hint: 'ovn key ls shows what is here; ovn key import takes in a copy.',
    });
  }
  const namings: Naming[] = [];
  for (const own of held) {
    const known = await findKnown(own, effects);
    if (own.state !== 'current' && known.record === undefined) continue;
    if (!options.regardless) requireNewest(own, known, repository);
    const due = dueFor(own, known.record, head, repository, { ...options, now });
    namings.push({ own, ...known, due });
  }
  return namings;
}

async function openKeys(
  namings: readonly Naming[],
  { repository: { keysDir }, passphrase }: NamePublishEffects,
): Promise<Map<string, KeyObject>> {
  const dids = namings.filter(({ due }) => due === 'sign').map(({ own }) => own.did);
  if (dids.length === 0) return new Map();
  const keys = await loadKeys(keysDir, dids, await passphrase());
  return new Map(keys.map(({ did, privateKey }) => [did, privateKey]));
}

/** Stores it, unless a stranger put a newer one here meanwhile, which only another machine with the key can have signed. */
function keep(repository: Repository, record: NameRecord, known: NameRecord | undefined): void {
  repository.transaction(() => {
    const kept = repository.names.get(record.name);
    if ((kept?.sequence ?? 0n) > (known?.sequence ?? 0n) || repository.names.putOwn(record) === 'older')
      throw new OvnError('busy', `another record of ${formatName(record.name)} came meanwhile; run it again`);
    clearRestoredNames(repository.meta);
  });
}

/** Gives it to every router that does not have it already. */
async function spread(
  { answers }: Naming,
  record: NameRecord,
  { routers, signal }: NamePublishEffects,
): Promise<NamedReport['routers']> {
  const has = new Set(
    answers.filter((answer) => answer.record?.sequence === record.sequence).map(({ router }) => router),
  );
  const put = await putToRouters(
    record,
    routers.filter(({ id }) => !has.has(id)),
    signal,
  );
  const problems = new Map(put.map(({ router, problem }) => [router, problem]));
  return routers.map(({ id }) => ({ router: id, problem: problems.get(id) ?? null }));
}

function reportOf(
  { own, due }: Naming,
  record: NameRecord | undefined,
  {
    signed,
    head,
    options,
    now,
  }: { signed: NameRecord | undefined; head: Head; options: NamePublishOptions; now: Date },
): Omit<NamedReport, 'routers'> {
  const name = formatName(own.name);
  if (due === 'sign' && signed === undefined) {
    const validUntil = new Date(now.getTime() + options.lifetime).toISOString();
    const sequence = Number(nextSequence(record));
    return { name, status: 'planned', value: pathOf(head), sequence, validUntil, ttl: options.ttl };
  }
  if (record === undefined) throw new Error(`${name} has no record`);
  const status = signed !== undefined ? 'published' : due === 'later' ? 'waiting' : 'unchanged';
  const { value, sequence, validUntil, ttl } = record;
  return { name, status, value, sequence: Number(sequence), validUntil: validUntil.toISOString(), ttl };
}
