import { EDITION_TEMPLATE } from '../../edition/template.ts';
import type { Head } from '../../repo/head.ts';
import type { Repository } from '../../repo/repository.ts';

/** The template that the pages of the head were made by. */
const KEY = 'edition-template';

/** Whether the pages of the head are those that would be made now: by the same template, under the same name and address. */
export function pagesStand(head: Head, repository: Repository): boolean {
  if (repository.meta.get(KEY) !== String(EDITION_TEMPLATE)) return false;
  const { publication } = repository.manifestOf(head);
  const { settings } = repository;
  return (['name', 'tagline', 'language', 'url'] as const).every(
    (member) => publication[member] === settings[member],
  );
}

/** Notes by what the pages of the new head were made; part of its transaction. */
export function noteTemplate({ meta }: Repository): void {
  meta.set(KEY, String(EDITION_TEMPLATE));
}
