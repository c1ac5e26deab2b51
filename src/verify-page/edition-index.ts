import { authorityOf, requireEnough, signaturesOf } from './authority.ts';
import type { Evidence } from './evidence.ts';
import { Refused } from './failure.ts';
import { readLog } from './log.ts';
import { MANIFEST_LIMIT, type Manifest, parseManifest, requireEntries, requireManifest } from './manifest.ts';
import { type Mastheads, readMastheads } from './masthead.ts';
import type { Question } from './question.ts';
import { counted, type Report } from './report.ts';
import { requireFile, type Store } from './store.ts';
import type { Facts } from './verdict.ts';

const FILE_LIMIT = 64 * 1024 * 1024;

/** What rules stand on. */
export interface Ground {
  store: Store;
  now: Date;
}

/** Mastheads, manifest and log of an edition. */
export async function judgeIndex(
  report: Report,
  facts: Facts,
  question: Question,
  { store, now }: Ground,
): Promise<{ manifest: Manifest; evidence: Evidence } | undefined> {
  const found = await report.check(
    'manifest',
    async () => {
      const file = await requireFile(store, ['manifest.json'], MANIFEST_LIMIT);
      return { cid: file.cid, manifest: parseManifest(file) };
    },
    ({ cid, manifest }) => `manifest ${manifest.sequence}, ${cid}`,
  );
  if (found === undefined) return undefined;
  const { manifest, cid } = found;
  const mastheads = await judgeMastheads(
    report,
    store,
    ['masthead'],
    manifest.masthead.version,
    facts,
    question,
  );
  if (mastheads === undefined) return undefined;
  await report.check(
    'manifest-rules',
    () => requireManifest(manifest, mastheads),
    () => 'publication, masthead, sequence, period, entries and log fit together',
  );
  const signed = await report.check(
    'manifest-signature',
    () => requireSigned(manifest, mastheads, now),
    (keys) => `signed by the edition key ${keys}`,
  );
  if (signed === undefined) return undefined;
  const { name } = manifest.publication;
  const { sequence, issued, expires } = manifest;
  Object.assign(facts, { name, sequence, issued, expires, manifest: cid, signedBy: signed });
  await checkRoot(report, store, manifest);
  checkExpiry(report, manifest, facts, now);
  const fold = await readLog(report, store, manifest, mastheads);
  report.skip(
    'witnesses',
    'this page knows no witnesses: lines of others on the checkpoint are not looked at',
  );
  return { manifest, evidence: { store, mastheads, fold, now, lengths: new Map() } };
}

async function requireSigned(manifest: Manifest, mastheads: Mastheads, now: Date): Promise<string> {
  const authority = authorityOf(mastheads);
  const signed = await signaturesOf(manifest, 'edition', authority, now);
  requireEnough(signed, 'edition', authority);
  return [...signed].join(', ');
}

/** Mastheads, and whether they are of the publication that the reader named. */
export async function judgeMastheads(
  report: Report,
  store: Store,
  folder: readonly string[],
  least: number,
  facts: Facts,
  { id }: Question,
): Promise<Mastheads | undefined> {
  const mastheads = await report.check(
    'masthead-chain',
    () => readMastheads(store, folder, least),
    ({ versions }) => `${counted(versions.length, 'masthead')}, signed in turn`,
  );
  if (mastheads === undefined) return undefined;
  const { publication } = mastheads;
  facts.publication = publication;
  facts.isConfirmed = id === publication;
  if (facts.isConfirmed)
    report.pass('publication-confirmed', `${publication}, as in the address of this page`);
  else if (id === '')
    report.skip('publication-confirmed', `${publication}: no id in the address of this page confirms it`);
  else report.fail('publication-confirmed', `it is of ${publication}; you asked for ${id}`);
  return mastheads;
}

/** The root holds what the manifest lists; on plain hosting, the files of it that a page is made of do. */
async function checkRoot(report: Report, store: Store, manifest: Manifest): Promise<void> {
  const names = await store.list([]);
  if (names !== undefined) {
    await report.check(
      'root-entries',
      () => requireEntries(names, manifest),
      () => 'the root holds exactly what the manifest lists',
    );
    return;
  }
  await report.check(
    'root-files',
    async () => {
      const files = manifest.entries.filter(({ cid }) => cid.startsWith('bafkrei'));
      await Promise.all(files.map((entry) => requireSame(store, entry)));
      return files.map(({ name }) => name).join(', ');
    },
    (list) => `${list} are those that the manifest lists`,
  );
  report.skip('root-entries', 'the folders that the manifest lists have no hashes on plain hosting');
}

async function requireSame(store: Store, { name, cid }: { name: string; cid: string }): Promise<void> {
  const file = await requireFile(store, [name], FILE_LIMIT);
  if (file.cid !== cid) throw new Refused(`${name} is ${file.cid}; the manifest says ${cid}`);
}

/** Age refuses nothing. */
function checkExpiry(report: Report, { expires }: Manifest, facts: Facts, now: Date): void {
  facts.isExpired = now.getTime() >= Date.parse(expires);
  if (facts.isExpired) report.skip('current', `expired ${expires}: genuine, but not confirmed as current`);
  else
    report.pass(
      'current',
      `until ${expires}, if your clock is right; whether there is a newer edition is not seen here`,
    );
}
