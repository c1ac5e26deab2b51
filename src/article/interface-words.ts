import { direction, primaryLanguage } from './languages.ts';
import { ARABIC } from './words/arabic.ts';
import { CHINESE } from './words/chinese.ts';
import { ENGLISH } from './words/english.ts';
import { FRENCH } from './words/french.ts';
import { GERMAN } from './words/german.ts';
import type { InterfaceWords } from './words/interface-words.ts';
import { SPANISH } from './words/spanish.ts';

export type { InterfaceWords } from './words/interface-words.ts';

const WORDS: ReadonlyMap<string, InterfaceWords> = new Map(
  [ENGLISH, GERMAN, FRENCH, SPANISH, ARABIC, CHINESE].map((words) => [words.language, words]),
);

/** The words for pages in `language`; English ones where there is no table. */
export function wordsFor(language: string): InterfaceWords {
  return WORDS.get(primaryLanguage(language)) ?? ENGLISH;
}

/** Puts values in the places of `{name}`; what has no value stays as it is. */
export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{([a-z]+)\}/g, (place, name: string) => values[name] ?? place);
}

/** Attributes of an element with interface words inside a page of another language: ` lang="en" dir="ltr"`, else nothing. */
export function wordsAttributes(words: Pick<InterfaceWords, 'language'>, pageLanguage: string): string {
  if (words.language === primaryLanguage(pageLanguage)) return '';
  return ` lang="${words.language}" dir="${direction(words.language)}"`;
}
