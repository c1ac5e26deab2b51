import type { CID } from 'multiformats/cid';
import { STYLE_CSS } from '../../article/style.ts';
import { writeRedirects } from '../../edition/redirects.ts';
import { EDITION_TEMPLATE } from '../../edition/template.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { rawCid } from '../../unixfs/hash.ts';
import { currentNames, movedCategories } from './current-categories.ts';

/** The template that the pages of the head were made by. */
const KEY = 'edition-template';

/** What the pages of an edition say of the outlet. */
export const OUTLET_MEMBERS = ['name', 'tagline', 'language', 'url'] as const;

/** Whether the pages of the head are those that would be made now: by the same template, under the same names and address. */
export function pagesStand(head: Head, repository: Repository): boolean {
  if (repository.meta.get(KEY) !== String(EDITION_TEMPLATE)) return false;
  const { publication, categories } = repository.manifestOf(head);
  const { settings } = repository;
  if (!OUTLET_MEMBERS.every((member) => publication[member] === settings[member])) return false;
  const names = currentNames(repository);
  return Object.entries(categories).every(([slug, { name }]) => (names.get(slug) ?? name) === name);
}

/** Whether what ovn.json says of former slugs is what the head says of them. */
export function redirectsStand(head: Head, repository: Repository): boolean {
  const { entries } = repository.manifestOf(head);
  const listed = entries.find(({ name }) => name === '_redirects');
  const text = writeRedirects(movedCategories(repository.settings));
  return listed === undefined || listed.cid === rawCid(Buffer.from(text, 'utf8')).toString();
}

/** Notes by what the pages of the new head were made; part of its transaction. */
export function noteTemplate({ meta }: Repository): void {
  meta.set(KEY, String(EDITION_TEMPLATE));
}

/**
 * Whether the pages of an edition that was made elsewhere look like those of this template: its number is in no edition, and its
 * style tells most of them apart.
 */
export async function hasOwnPages(edition: CID, read: BlockReader): Promise<boolean> {
  const style = await resolvePath(edition, ['style.css'], read);
  const about = await resolvePath(edition, ['about.html'], read);
  return about !== undefined && style?.cid.equals(rawCid(Buffer.from(STYLE_CSS, 'utf8'))) === true;
}
