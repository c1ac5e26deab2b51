import { pagePath } from '../../article/addresses.ts';
import type { FindableEntry } from '../archive.ts';

/** Articles of a month that one file says what is shown of. */
export const DOCUMENTS_A_FILE = 8;
/** UTF-16 code units of a summary that are shown. */
const LONGEST_SUMMARY = 160;

/** `search/YYYY/MM/<n>.json`: what is shown of each article where it is found; 0 for one that is not. */
export function documentsFile(entries: readonly FindableEntry[], language: string): string {
  return JSON.stringify(entries.map((entry) => (entry.status === 'retracted' ? 0 : shown(entry, language))));
}

function shown({ id, headline, description = '', inLanguage }: FindableEntry, language: string): string[] {
  const path = pagePath(id).slice('YYYY/MM/'.length);
  const parts = [path, headline, shortened(description)];
  return inLanguage === language ? parts : [...parts, inLanguage];
}

function shortened(summary: string): string {
  if (summary.length <= LONGEST_SUMMARY) return summary;
  const cut = summary.slice(0, LONGEST_SUMMARY).toWellFormed();
  const space = cut.lastIndexOf(' ');
  return `${space > LONGEST_SUMMARY / 2 ? cut.slice(0, space) : cut.replace(/\ufffd$/, '')}…`;
}
