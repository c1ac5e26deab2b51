import type { Article } from './article.ts';
import type { DagLink } from './dag-pb.ts';
import type { Evidence, Place } from './evidence.ts';
import { Refused } from './failure.ts';
import type { Report } from './report.ts';
import { requireFile, type Store } from './store.ts';
import { linkToDirectory, linkToFile } from './unixfs-links.ts';

const MASTHEAD_LIMIT = 256 * 1024;
const FILE_LIMIT = 64 * 1024 * 1024;

/** The folder holds the files that are signed, and nothing else. */
export async function checkStructure(
  report: Report,
  { path }: Place,
  { files }: Article,
  store: Store,
): Promise<void> {
  if (store.root === undefined) {
    report.skip('structure', 'what else lies in its folder cannot be seen on plain hosting');
    return;
  }
  await report.check(
    'structure',
    async () => {
      const rest = new Set((await store.list(path))?.keys());
      const media = rest.delete('media') ? await store.list([...path, 'media']) : undefined;
      if (media?.size === 0) throw new Refused('media/ is empty');
      for (const name of media?.keys() ?? []) rest.add(`media/${name}`);
      for (const name of ['article.json', 'masthead', ...files.map((file) => file.path)]) rest.delete(name);
      for (const name of rest) throw new Refused(`${name} was not signed`);
    },
    () => 'it holds the files that were signed, and nothing else',
  );
}

/** The mastheads in the bundle are the first ones of the chain, as many as there were when it was signed. */
export async function requireOwnMastheads(
  { path }: Place,
  { publication }: Article,
  evidence: Evidence,
): Promise<DagLink[]> {
  const { store, mastheads } = evidence;
  const folder = [...path, 'masthead'];
  const names = await store.list(folder);
  const size = publication.masthead;
  if (names !== undefined && names.size !== size)
    throw new Refused(`${names.size} mastheads; it was signed under ${size}`);
  const links: DagLink[] = [];
  for (let version = 1; version <= size; version++) {
    const name = `${version}.json`;
    const file =
      names === undefined ? await requireFile(store, [...folder, name], MASTHEAD_LIMIT) : undefined;
    const found = file?.cid ?? names?.get(name);
    if (found !== mastheads.versions[version - 1]?.cid)
      throw new Refused(`masthead ${version} is another: ${found}`);
    links.push({ name, cid: found ?? '', size: file?.bytes.length ?? 0 });
  }
  return links;
}

/** Every file is read, and is the one that was signed. */
export async function requireFiles(
  { path }: Place,
  { files }: Article,
  evidence: Evidence,
): Promise<DagLink[]> {
  return Promise.all(
    files.map(async (file) => {
      const names = [...path, ...file.path.split('/')];
      const link = await linkAt(names, file.size, evidence);
      if (link.cid !== file.cid) throw new Refused(`${file.path} is ${link.cid}; signed is ${file.cid}`);
      if (link.length !== file.size) throw new Refused(`${file.path} has another length than was signed`);
      return { name: file.path, cid: link.cid, size: link.size };
    }),
  );
}

/** On plain hosting the CID of a bundle is computed from its files, as far as they all came. */
export async function bundleCid(
  { bytes }: { bytes: Uint8Array<ArrayBuffer> },
  files: DagLink[] | undefined,
  versions: DagLink[] | undefined,
): Promise<string | undefined> {
  if (files === undefined || versions === undefined) return undefined;
  const media = files.filter(({ name }) => name.startsWith('media/'));
  const entries = files.filter(({ name }) => !name.includes('/'));
  entries.push(await linkToFile('article.json', bytes), await linkToDirectory('masthead', versions));
  const inFolder = media.map((link) => ({ ...link, name: link.name.slice('media/'.length) }));
  if (inFolder.length > 0) entries.push(await linkToDirectory('media', inFolder));
  return (await linkToDirectory('', entries)).cid;
}

async function linkAt(path: readonly string[], limit: number, { store, lengths }: Evidence) {
  const most = Math.min(Math.max(limit, 1), FILE_LIMIT);
  const known = await store.cidAt(path);
  if (known === undefined) {
    const { bytes } = await requireFile(store, path, most);
    return { ...(await linkToFile('', bytes)), length: bytes.length };
  }
  const length = lengths.get(known) ?? requireFile(store, path, most).then(({ bytes }) => bytes.length);
  lengths.set(known, length);
  return { cid: known, size: 0, length: await length };
}
