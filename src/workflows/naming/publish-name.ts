import type { KeyObject } from 'node:crypto';
import { CID } from 'multiformats/cid';
import { EXIT, OvnError } from '../../errors.ts';
import { askRouters, putToRouters, type RouterAnswer } from '../../node/names/ask-routers.ts';
import { formatName } from '../../node/names/name.ts';
import type { NameRouter } from '../../node/names/name-router.ts';
import type { NameRecord } from '../../node/names/record.ts';
import type { Head } from '../../repo/head.ts';
import { loadKeys } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { clearRestoredNames } from '../../repo/restored-mark.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { measureDag } from '../measure-dag.ts';
import { type KnownRecord, newestKnown, requireNewest } from './known-record.ts';
import { type NamePublishReport, reportOf, statusOf } from './name-report.ts';
import { type Due, dueFor, planNext, type RecordOptions, signNext } from './next-record.ts';
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

/** A name on its way to its next record. */
interface Naming extends KnownRecord {
  own: OwnName;
  due: Due;
}

/** A name that has the record that it is to have, or would have. */
interface Named extends Naming {
  made: NameRecord | Omit<NameRecord, 'bytes'>;
}

/** What routers say of each name, by the did:key of the name. */
type Answers = ReadonlyMap<string, readonly RouterAnswer[]>;

/**
 * Lets the names of the publication lead to its head edition. The number of a record is one more than any that is known,
 * and what is signed is stored before anybody is given it (invariants 2 and 3). The lock keeps two processes from signing one number;
 * nobody waits for it while routers are asked or told.
 *
 * @throws {OvnError} `not-found` while nothing is published; `key` without a name key; `incomplete` where the edition is not
 * whole, or as {@link requireNewest}; `exists` as that one.
 */
export async function publishName(
  options: NamePublishOptions,
  effects: NamePublishEffects,
): Promise<{ report: NamePublishReport; exitCode: number }> {
  const answers = await ask(effects);
  const { head, named } = await signUnderLock(answers, options, effects);
  const report: NamePublishReport = {
    edition: { sequence: head.sequence, cid: head.edition },
    names: [],
    former: [],
  };
  for (const { own, due, made, answers: said } of named) {
    const told = isSigned(made) && !options.dryRun ? await spread(made, said, effects) : [];
    const list = own.state === 'current' ? report.names : report.former;
    list.push(reportOf(made, statusOf(due, options.dryRun), told));
  }
  const all = [...report.names, ...report.former].flatMap(({ routers }) => routers);
  const isTold = all.every(({ problem }) => problem === null);
  return { report, exitCode: isTold ? EXIT.done : EXIT.incomplete };
}

async function ask({ repository, routers, signal }: NamePublishEffects): Promise<Answers> {
  const names = namesToSign(repository);
  const asked = names.map(async ({ did, name }) => [did, await askRouters(name, routers, signal)] as const);
  return new Map(await Promise.all(asked));
}

/** The names whose keys are here, but for revoked ones. */
function namesToSign(repository: Repository): OwnName[] {
  const names = heldNames(repository).filter(({ state }) => state !== 'revoked');
  if (names.some(({ state }) => state === 'current')) return names;
  throw new OvnError('key', 'the keyring has no name key that the masthead names: nothing can be signed', {
    hint: 'ovn key ls shows what is here; ovn key import takes in a copy.',
  });
}

async function signUnderLock(
  answers: Answers,
  options: NamePublishOptions,
  effects: NamePublishEffects,
): Promise<{ head: Head; named: Named[] }> {
  const { repository, now } = effects;
  await using _lock = await effects.lock();
  const head = await requireHead(effects);
  const namings = learn(head, answers, options, effects);
  const keys = options.dryRun ? new Map<string, KeyObject>() : await openKeys(namings, effects);
  const named: Named[] = [];
  for (const naming of namings) {
    const { own, record, due } = naming;
    const key = keys.get(own.did);
    const made = due === 'sign' ? await make(own, key, record, head, { ...options, now }) : record;
    if (made === undefined) continue;
    if (isSigned(made) && !options.dryRun) keep(repository, made, record);
    named.push({ ...naming, made });
  }
  return { head, named };
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

/** What is known of each name, and what it needs; former names that were never used are left out. */
function learn(
  head: Head,
  answers: Answers,
  options: NamePublishOptions,
  { repository, now }: NamePublishEffects,
): Naming[] {
  return namesToSign(repository).flatMap((own) => {
    const known = newestKnown(own, answers.get(own.did) ?? [], repository);
    if (own.state !== 'current' && known.record === undefined) return [];
    if (!options.regardless) requireNewest(own, known, repository);
    const due = dueFor(own, known.record, head, repository, { ...options, now });
    return [{ own, ...known, due }];
  });
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

/** The next record; without a key only what it would say. */
async function make(
  own: OwnName,
  key: KeyObject | undefined,
  record: NameRecord | undefined,
  head: Head,
  options: RecordOptions & { now: Date },
): Promise<Named['made']> {
  const next = planNext(own, record, head, options);
  return key === undefined ? next : signNext(key, next, options);
}

function isSigned(made: Named['made']): made is NameRecord {
  return 'bytes' in made;
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
  record: NameRecord,
  answers: readonly RouterAnswer[],
  { routers, signal }: NamePublishEffects,
): Promise<RouterAnswer[]> {
  const has = (id: string): boolean =>
    answers.some(
      ({ router, record: given }) =>
        router === id && given !== undefined && Buffer.compare(given.bytes, record.bytes) === 0,
    );
  const lacking = routers.filter(({ id }) => !has(id));
  const put = await putToRouters(record, lacking, signal);
  return routers.map(({ id }) => put.find(({ router }) => router === id) ?? { router: id });
}
