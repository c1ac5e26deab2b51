import { primaryLanguage } from '../../article/languages.ts';
import { ARABIC } from './arabic.ts';
import { CHINESE } from './chinese.ts';
import { ENGLISH } from './english.ts';
import { FRENCH } from './french.ts';
import { GERMAN } from './german.ts';
import type { SiteWords } from './site-words.ts';
import { SPANISH } from './spanish.ts';

const WORDS: ReadonlyMap<string, SiteWords> = new Map(
  [ENGLISH, GERMAN, FRENCH, SPANISH, ARABIC, CHINESE].map((words) => [words.language, words]),
);

/** The words for pages of an edition in `language`; English ones where there is no table. */
export function siteWords(language: string): SiteWords {
  return WORDS.get(primaryLanguage(language)) ?? ENGLISH;
}
