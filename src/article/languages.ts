import { dayOf } from './calendar.ts';

/** How one language writes dates. `date` takes numbers and the month's name. */
interface DateTable {
  months: readonly string[];
  date(day: number, month: string, year: string): string;
  month(month: string, year: string): string;
}

const ENGLISH: DateTable = {
  months: 'January February March April May June July August September October November December'.split(' '),
  date: (day, month, year) => `${month} ${day}, ${year}`,
  month: (month, year) => `${month} ${year}`,
};
const GERMAN: DateTable = {
  months: 'Januar Februar März April Mai Juni Juli August September Oktober November Dezember'.split(' '),
  date: (day, month, year) => `${day}. ${month} ${year}`,
  month: (month, year) => `${month} ${year}`,
};
const FRENCH: DateTable = {
  months: 'janvier février mars avril mai juin juillet août septembre octobre novembre décembre'.split(' '),
  date: (day, month, year) => `${day === 1 ? '1er' : day} ${month} ${year}`,
  month: (month, year) => `${month} ${year}`,
};
const SPANISH: DateTable = {
  months: 'enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre'.split(
    ' ',
  ),
  date: (day, month, year) => `${day} de ${month} de ${year}`,
  month: (month, year) => `${month} de ${year}`,
};
const ARABIC: DateTable = {
  months: 'يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر'.split(' '),
  date: (day, month, year) => `${day} ${month} ${year}`,
  month: (month, year) => `${month} ${year}`,
};
const CHINESE: DateTable = {
  months: '1 2 3 4 5 6 7 8 9 10 11 12'.split(' '),
  date: (day, month, year) => `${year}年${month}月${day}日`,
  month: (month, year) => `${year}年${month}月`,
};

const DATE_TABLES: ReadonlyMap<string, DateTable> = new Map([
  ['en', ENGLISH],
  ['de', GERMAN],
  ['fr', FRENCH],
  ['es', SPANISH],
  ['ar', ARABIC],
  ['zh', CHINESE],
]);

const RTL_LANGUAGES = new Set(
  'ar arc ckb dv fa ha-arab he iw ji ks nqo pnb prs ps rhg sd syr ug ur yi'.split(' '),
);
const RTL_SCRIPTS = new Set('adlm arab aran hebr mand mend nkoo rohg samr syrc thaa'.split(' '));
const WORDLESS = new Set('bo cmn dz gan hak ja km lo my nan shn th wuu yue zh'.split(' '));
const LANGUAGE = /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}$/;
const SCRIPT = /^[a-z]{4}$/;

/** Whether a text has the shape of a BCP 47 language tag; the registry of subtags is not consulted. */
export function isLanguage(text: string): boolean {
  return LANGUAGE.test(text);
}

/** The language itself of a BCP 47 tag, in lower case: `zh` of `zh-Hant-TW`. */
export function primaryLanguage(language: string): string {
  return language.toLowerCase().split('-', 1)[0] ?? '';
}

/** The direction in which a language is written, by the script where the tag names one. */
export function direction(language: string): 'ltr' | 'rtl' {
  const [primary = '', ...rest] = language.toLowerCase().split('-');
  const script = rest.find((subtag) => SCRIPT.test(subtag));
  const rtl = script === undefined ? RTL_LANGUAGES.has(primary) : RTL_SCRIPTS.has(script);
  return rtl ? 'rtl' : 'ltr';
}

/** Whether a language is written without spaces between words, so that a word count would say nothing. */
export function isWordless(language: string): boolean {
  return WORDLESS.has(primaryLanguage(language));
}

/** The day of a date as its readers write it: `July 7, 2025`; in a language without a table `2025-07-07`. */
export function writeDate(date: string, language: string): string {
  const day = dayOf(date);
  const table = DATE_TABLES.get(primaryLanguage(language));
  if (table === undefined) return day;
  const [year = '', month = '', dayOfMonth = ''] = day.split('-');
  return table.date(Number(dayOfMonth), table.months[Number(month) - 1] ?? month, year);
}

/** A period of an archive, `2025`, `2025/07` or `2025/07/07`, as its readers write it. */
export function writePeriod(period: string, language: string): string {
  const [year = '', month, day] = period.split('/');
  if (month === undefined) return year;
  if (day !== undefined) return writeDate(`${year}-${month}-${day}`, language);
  const table = DATE_TABLES.get(primaryLanguage(language));
  return table === undefined
    ? `${year}-${month}`
    : table.month(table.months[Number(month) - 1] ?? month, year);
}
