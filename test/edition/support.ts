import type { Entry } from '../../src/edition/archive.ts';
import { LIST_LENGTH } from '../../src/edition/pages/lists.ts';
import type { Publication } from '../../src/edition/publication.ts';
import type { Link } from '../../src/unixfs/block.ts';
import { readIfDirectory } from '../../src/unixfs/directory.ts';
import { readFile } from '../../src/unixfs/file.ts';
import { notices } from '../helpers/entries.ts';
import { bundled, Paper, PUBLICATION } from '../helpers/paper.ts';

const CATEGORIES = [
  { slug: 'science', name: 'Science' },
  { slug: 'defence-security', name: 'Defence & <Security>' },
  { slug: 'constructor', name: 'constructor' },
  { slug: 'c-abcdefghij', name: 'علوم' },
];

/** Entries of every kind that a list can show, over several years. */
export const ENTRIES: Entry[] = [
  bundled('2023/12/31/old', { categories: CATEGORIES }),
  bundled('2025/01/01/plain', { authors: [] }),
  bundled('2025/07/07/hostile', {
    headline: '<script>alert("1")</script> & \'x\'',
    description: '</ol><img src=x onerror=alert(1)> "quoted"',
    categories: CATEGORIES.slice(1, 3),
  }),
  bundled('2025/07/07/arabic', { headline: 'الضوء الأول', inLanguage: 'ar', description: 'وصف' }),
  bundled('2025/07/08/corrected', { notices: notices(2), datePublished: '2025-07-08T23:30:00-05:00' }),
  bundled('2025/07/08/retracted', { status: 'retracted', notices: notices(1) }),
];

/** More than a list or a feed holds, in one month. */
export const MANY: Entry[] = Array.from({ length: Math.max(LIST_LENGTH, 50) + 5 }, (_, at) =>
  bundled(`2024/02/${String((at % 28) + 1).padStart(2, '0')}/a${at}`),
);

/** As many articles of one month, three a day. */
export function busyMonth(length: number): Entry[] {
  return Array.from({ length }, (_, at) =>
    bundled(`2024/03/${String(Math.floor(at / 3) + 1).padStart(2, '0')}/b${at}`),
  );
}

/** The outlets whose pages are looked at: every language with words of its own, and one without. */
export const OUTLETS: Publication[] = [
  PUBLICATION,
  ...['ar', 'de-CH', 'zh-Hans', 'fi'].map((language) => ({ ...PUBLICATION, language })),
  { id: PUBLICATION.id, name: 'A & <B>', tagline: '', language: 'en' },
];

/** An edition of these entries. */
export async function editionOf(entries: readonly Entry[], publication = PUBLICATION): Promise<Paper> {
  const paper = new Paper(publication);
  await paper.publish(entries);
  return paper;
}

/** The text of every file of an edition by its path; of bundles, which nobody holds, `undefined`. */
export async function filesOf({ root, blocks }: Paper): Promise<Map<string, string | undefined>> {
  const files = new Map<string, string | undefined>();
  const walk = async (path: string, link: Link): Promise<void> => {
    const held = blocks.blocks.has(link.cid.toString());
    const entries = held ? await readIfDirectory(link.cid, blocks.read) : undefined;
    for (const entry of entries ?? []) await walk(path === '' ? entry.name : `${path}/${entry.name}`, entry);
    if (entries !== undefined) return;
    const bytes = held ? await readFile(link.cid, blocks.read, { limit: 1 << 20 }) : undefined;
    files.set(path, bytes && Buffer.from(bytes).toString('utf8'));
  };
  if (root !== undefined) await walk('', root);
  return files;
}

/** What the next edition of a paper writes that it did not hold before: the texts of all small files. */
export async function writtenBy(paper: Paper, entries: readonly Entry[]): Promise<{ written: string[] }> {
  const before = new Set(paper.blocks.blocks.keys());
  await paper.publish(entries);
  const added = [...paper.blocks.blocks].filter(([cid]) => !before.has(cid));
  return { written: added.map(([, { bytes }]) => Buffer.from(bytes).toString('utf8')) };
}
