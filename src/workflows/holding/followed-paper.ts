import { CID } from 'multiformats/cid';
import type { LogFold } from '../../log/fold.ts';
import { replayLog } from '../../log/replay.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { parseManifestJson, requireManifest } from '../../manifest/parse-manifest.ts';
import type { Followed, HeldEdition } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { Tree } from '../../unixfs/tree.ts';
import { parseFollowTarget } from '../finding/follow-target.ts';
import { Evidence } from '../verification/judging.ts';
import { openTiles } from '../verification/log.ts';

/** An edition of a followed publication that is held, as it was judged when it came. */
export interface FollowedPaper {
  followed: Followed;
  edition: CID;
  manifest: Manifest;
  /** What its log says, which is held whole; nothing where it is from before there was one. */
  fold(): Promise<LogFold | undefined>;
}

/** The publications that are followed and of which an edition is held. */
export async function openPapers(
  { followed }: Pick<Repository, 'followed'>,
  read: BlockReader,
): Promise<FollowedPaper[]> {
  const papers = await Promise.all(followed.list().map((each) => openPaper(each, read)));
  return papers.filter((paper) => paper !== undefined);
}

/** The newest that is held of one; nothing where no edition of it came yet. */
export async function openPaper(followed: Followed, read: BlockReader): Promise<FollowedPaper | undefined> {
  const { edition, manifest } = followed;
  return edition === null || manifest === null
    ? undefined
    : openEdition(followed, { edition, manifest }, read);
}

/** One of the editions that are held of a publication; nothing where its manifest cannot be read. */
export async function openEdition(
  followed: Followed,
  held: Pick<HeldEdition, 'edition' | 'manifest'>,
  read: BlockReader,
): Promise<FollowedPaper | undefined> {
  const edition = CID.parse(held.edition);
  const bytes = await read(CID.parse(held.manifest));
  if (bytes === undefined) return undefined;
  const manifest = requireManifest(parseManifestJson(bytes));
  let fold: Promise<LogFold | undefined> | undefined;
  return {
    followed,
    edition,
    manifest,
    fold() {
      fold ??= readFold(edition, manifest, read);
      return fold;
    },
  };
}

/** Where else a publication may be had, each place once: the mirrors that its manifest names, and whoever is asked for it. */
export function placesOf({
  followed: { target, places },
  manifest: { mirrors = [] },
}: {
  followed: Pick<Followed, 'target' | 'places'>;
  manifest: Pick<Manifest, 'mirrors'>;
}): string[] {
  const { urls, peers } = parseFollowTarget(target);
  const all = [...mirrors, ...urls, ...peers, ...places];
  return [...new Set(all.map((place) => place.replace(/\/$/, '')))];
}

async function readFold(edition: CID, manifest: Manifest, read: BlockReader): Promise<LogFold | undefined> {
  if (manifest.log.size === 0) return undefined;
  const evidence = new Evidence(read, { now: new Date(0), signal: new AbortController().signal });
  const log = await resolvePath(edition, ['log'], evidence.read);
  if (log === undefined) return undefined;
  return (await replayLog(await openTiles(Tree.open(log, evidence.read), manifest, evidence))).fold;
}
