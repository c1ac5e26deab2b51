import { CID } from 'multiformats/cid';
import { OvnError } from '../errors.ts';
import { checkBlocks } from '../repo/check-blocks.ts';
import { checkDatabase } from '../repo/database.ts';
import { listKeys } from '../repo/keyring.ts';
import type { Repository } from '../repo/repository.ts';
import { type Check, firstFailed } from '../trust/check.ts';
import { readMastheads } from '../trust/masthead-chain.ts';
import type { BlockReader } from '../unixfs/block.ts';
import { walkDag } from '../unixfs/walk.ts';
import { judgeEdition } from './verification/edition.ts';
import { checkAsync, Evidence, refusal } from './verification/judging.ts';

export interface AuditReport {
  ok: boolean;
  checks: Check[];
}

export interface AuditEffects {
  repository: Repository;
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
  onProgress?: (check: string, done: number) => void;
}

/**
 * Audits every invariant of the design (section 8) that a repository can be held to: the file, every block's hash, the
 * chain of manifests, the head edition as a stranger would judge it, that index and events say the same as the edition,
 * that pins and earlier editions are whole, and that the keys at hand are those of the masthead.
 */
export async function audit(effects: AuditEffects): Promise<AuditReport> {
  const checks: Check[] = [];
  await auditDatabase(checks, effects);
  await auditBlocks(checks, effects);
  await auditSequence(checks, effects);
  await auditHead(checks, effects);
  await auditIndex(checks, effects);
  await auditEvents(checks, effects);
  await auditRoots(checks, effects);
  await auditKeys(checks, effects);
  return { ok: firstFailed(checks) === undefined, checks };
}

/** The file itself, as SQLite sees it. */
function auditDatabase(checks: Check[], { repository }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'database',
    async () => {
      const problems = checkDatabase(repository.db);
      if (problems.length > 0) throw refusal(`the database file is damaged: ${problems[0]}`);
    },
    () => 'the database file is sound',
  );
}

/** Invariant 1: every block is what its CID says. */
function auditBlocks(checks: Check[], { repository, signal, onProgress }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'blocks',
    async () => {
      let count = 0;
      for (const damaged of checkBlocks(repository.blockstore)) {
        if (damaged !== undefined)
          throw refusal(`the bytes of block ${damaged} are not those that its CID names`);
        count += 1;
        if (count % 1024 !== 0) continue;
        onProgress?.('blocks', count);
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      return count;
    },
    (count) => `${count} blocks, each with the bytes that its CID names`,
  );
}

/** Invariant 4: `sequence` grows by one, and every manifest is kept. */
function auditSequence(checks: Check[], { repository, read }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'sequence',
    async () => {
      const manifests = repository.manifests();
      for (const [at, { sequence, manifest }] of manifests.entries()) {
        if (sequence !== manifests.length - at)
          throw refusal(`manifest ${manifests.length - at} is not recorded`);
        if ((await read(CID.parse(manifest))) === undefined)
          throw refusal(`manifest ${sequence} is not in the store`);
      }
      return manifests.length;
    },
    (count) => `${count} manifests without a gap`,
  );
}

/** Invariants 2 and 4: the head as a stranger would judge it. */
async function auditHead(
  checks: Check[],
  { repository, read, now, signal, onProgress }: AuditEffects,
): Promise<void> {
  const head = repository.head();
  if (head === undefined) {
    checks.push({ name: 'head', result: 'not-checked', detail: 'nothing is published yet' });
    return;
  }
  await checkAsync(
    checks,
    'head',
    async () => {
      const evidence = new Evidence(read, { now, signal });
      const judged = await judgeEdition(CID.parse(head.edition), evidence, (done) =>
        onProgress?.('head', done),
      );
      const failed = firstFailed(judged.checks);
      if (failed !== undefined) throw refusal(`edition ${head.sequence}: ${failed.name}: ${failed.detail}`);
      const { sequence, publication } = judged.manifest?.manifest ?? {};
      if (sequence !== head.sequence)
        throw refusal(`the head is edition ${head.sequence}, its manifest says ${sequence}`);
      if (judged.manifest?.cid !== head.manifest)
        throw refusal('the manifest of the head edition is not the recorded one');
      if (publication?.id !== repository.publicationId)
        throw refusal('the head edition is of another publication');
    },
    () => `edition ${head.sequence} is genuine and whole`,
  );
}

/** The index says of every article what the head edition holds, and the last event of each is its newest revision. */
function auditIndex(checks: Check[], { repository, read, signal }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'index',
    async () => {
      const head = repository.head();
      const articles = repository.articles.list({});
      if (head === undefined) {
        if (articles.length > 0) throw refusal('articles are indexed, but nothing is published');
        return 0;
      }
      const placed = await listPlaced(head.edition, read, signal);
      for (const { id, cid, revision } of articles) {
        if (placed.get(id) !== cid)
          throw refusal(`${id} is indexed as ${cid}, the edition has ${placed.get(id)}`);
        placed.delete(id);
        requireRevisions(repository, id, revision, cid);
      }
      for (const id of placed.keys()) throw refusal(`${id} is in the edition and not in the index`);
      return articles.length;
    },
    (count) => `${count} articles, indexed as the edition has them`,
  );
}

async function listPlaced(
  edition: string,
  read: BlockReader,
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const evidence = new Evidence(read, { now: new Date(0), signal });
  const articles = (await evidence.directory(CID.parse(edition))).find(({ name }) => name === 'articles');
  if (articles === undefined) throw refusal('the head edition has no articles/');
  const { listBundles } = await import('./verification/placed-bundles.ts');
  const bundles = await listBundles(articles.cid, evidence, []);
  return new Map(bundles.map(({ id, cid }) => [id, cid.toString()]));
}

function requireRevisions(repository: Repository, id: string, revision: number, cid: string): void {
  const history = repository.articles.history(id);
  const unbroken = history.every((stored, at) => stored.revision === at + 1);
  if (!unbroken || history.at(-1)?.cid !== cid || history.length !== revision) {
    throw refusal(`the revisions of ${id} are not recorded without a gap`);
  }
}

/** Every revision has its event, in the order of sequences. */
function auditEvents(checks: Check[], { repository }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'events',
    async () => {
      const events = repository.events.list();
      const revisions = new Map<string, number>();
      let sequence = 0;
      for (const event of events) {
        if (event.sequence < sequence)
          throw refusal(`event ${event.position} goes back to sequence ${event.sequence}`);
        sequence = event.sequence;
        if (event.article === undefined) continue;
        const next = (revisions.get(event.article) ?? 0) + 1;
        if (event.revision !== next)
          throw refusal(
            `event ${event.position} is revision ${event.revision} of ${event.article}, not ${next}`,
          );
        revisions.set(event.article, next);
      }
      for (const { id, revision } of repository.articles.list({})) {
        if (revisions.get(id) !== revision) throw refusal(`revision ${revision} of ${id} has no event`);
      }
      return events.length;
    },
    (count) => `${count} events, one for every revision`,
  );
}

/** Invariant 8: what is promised to be kept is whole. */
function auditRoots(checks: Check[], { repository, read, signal }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'kept',
    async () => {
      const pins = repository.pins
        .list()
        .map(({ cid, name }) => ({ cid: CID.parse(cid), what: `pin ${name}` }));
      const editions = repository.manifests(11).map(({ edition, sequence }) => ({
        cid: CID.parse(edition),
        what: `edition ${sequence}`,
      }));
      const walked = new Set<string>();
      for (const { cid: root, what } of [...editions, ...pins]) {
        for await (const { cid, bytes } of walkDag(root, read, {
          signal,
          skip: (cid) => walked.has(cid.toString()),
        })) {
          if (bytes === undefined) throw refusal(`${what} is not whole: block ${cid} is missing`);
          walked.add(cid.toString());
        }
      }
      return editions.length + pins.length;
    },
    (count) => `${count} pins and editions are whole`,
  );
}

/** Invariant 7 and the masthead: keys lie where nobody else reads them, and are those that may sign. */
function auditKeys(checks: Check[], { repository }: AuditEffects): Promise<unknown> {
  return checkAsync(
    checks,
    'keys',
    async () => {
      const stored = repository.mastheads();
      const { newest, publicationId } = readMastheads(stored.map(({ bytes }) => bytes));
      if (publicationId !== repository.publicationId)
        throw refusal('masthead 1 is not the one of this publication');
      const keys = listKeys(repository.keysDir);
      for (const [role, { keys: authorised }] of Object.entries(newest.masthead.roles)) {
        const held = keys.filter((key) => key.role === role);
        const stray = held.find(({ did }) => !authorised.some(({ id }) => id === did));
        if (stray !== undefined)
          throw new OvnError('key', `the ${role} key ${stray.did} is not in the masthead`);
      }
      return keys.length;
    },
    (count) => `${count} keys, each as the masthead has it`,
  );
}
