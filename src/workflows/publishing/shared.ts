import type { PublicationReference } from '../../article/document.ts';
import type { Look } from '../../article/look.ts';
import { STYLE_CSS } from '../../article/style.ts';
import type { SharedFile } from '../../bundle/build-bundle.ts';
import type { Publication } from '../../edition/publication.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Theme } from '../../theme/theme.ts';
import { readMastheads, type VerifiedMastheads } from '../../trust/masthead-chain.ts';
import type { BlockSink, Link } from '../../unixfs/block.ts';
import { addDirectory } from '../../unixfs/directory.ts';
import { addFile } from '../../unixfs/file.ts';
import { openTheme } from './theme.ts';

/** What every bundle and the edition have in common. */
export interface Shared {
  publication: PublicationReference;
  mastheads: VerifiedMastheads;
  style: SharedFile;
  /** Where ovn.json names one. */
  theme?: Theme;
  look?: Look;
  /** Its folder. */
  themeFolder?: Link;
  /** `masthead/` with all versions so far. */
  masthead: Link;
}

/** Stores the shared files and reads who may sign. */
export async function addShared(repository: Repository, sink: BlockSink): Promise<Shared> {
  const { name, tagline, url } = repository.settings;
  const stored = repository.mastheads();
  const mastheads = readMastheads(stored.map(({ bytes }) => bytes));
  const files = [];
  for (const { version, bytes } of stored)
    files.push({ name: `${version}.json`, ...(await addFile(bytes, sink)) });
  const open = await openTheme(repository, sink);
  const style = open?.style ?? Buffer.from(STYLE_CSS, 'utf8');
  const id = mastheads.publicationId;
  return {
    ...(open === undefined ? {} : { theme: open.theme, look: open.look, themeFolder: open.link }),
    mastheads,
    masthead: await addDirectory(files, sink),
    style: { link: await addFile(style, sink), size: style.length },
    publication: { id, masthead: stored.length, name, tagline, ...(url === undefined ? {} : { url }) },
  };
}

/** The outlet, as the edition names it. */
export function publicationOf({ settings }: Repository, { mastheads }: Shared): Publication {
  const { name, tagline, language, url } = settings;
  return { id: mastheads.publicationId, name, tagline, language, ...(url === undefined ? {} : { url }) };
}
