import { emptyLog } from '../../src/log/empty-tree.ts';
import type { ManifestParts } from '../../src/manifest/build-manifest.ts';
import type { VerifiedMastheads } from '../../src/trust/masthead-chain.ts';
import { dagPbCid, rawCid } from '../../src/unixfs/hash.ts';

/** A CID of a directory, and of a file, that nobody holds. */
export const directoryCid = (name: string) => dagPbCid(Buffer.from(name)).toString();
export const fileCid = (name: string) => rawCid(Buffer.from(name)).toString();

/** Parts of the first manifest of a publication; tests overlay what they are about. */
export function manifestParts(
  mastheads: VerifiedMastheads,
  over: Partial<ManifestParts> = {},
): ManifestParts {
  const { masthead, cid } = mastheads.newest;
  return {
    publication: { id: mastheads.publicationId, name: 'Paper', tagline: 'Yours.', language: 'en' },
    masthead: { version: masthead.version, cid },
    sequence: 1,
    issued: new Date('2026-01-01T00:00:00Z'),
    expires: new Date('2026-01-31T00:00:00Z'),
    articles: { cid: directoryCid('articles'), count: 2 },
    categories: {
      science: { name: 'Science', cid: directoryCid('science'), count: 2, updated: '2026-01-01' },
      constructor: { name: 'Constructor', cid: directoryCid('constructor'), count: 1, updated: '2025-12-31' },
    },
    entries: [
      { name: 'index.html', cid: fileCid('index.html') },
      { name: 'articles', cid: directoryCid('articles') },
      { name: 'categories', cid: directoryCid('categories') },
    ],
    log: emptyLog(mastheads.origin),
    ...over,
  };
}
