import type { CorrectionKind } from './document.ts';
import { direction, primaryLanguage } from './languages.ts';

/** The words of pages around the articles, in one language. `{…}` is filled in by {@link fill}. */
export interface InterfaceWords {
  /** The language that these words are in. */
  language: string;
  by: string;
  separator: string;
  updated: string;
  corrections: string;
  kinds: Record<CorrectionKind, string>;
  /** One sentence before the body; `{date}`. */
  notices: Record<CorrectionKind, string>;
  retracted: string;
  retractedNotice: string;
  sources: string;
  license: string;
  table: string;
  record: string;
  article: string;
  revision: string;
  publication: string;
  /** How to verify; `{command}`. */
  verify: string;
  latest: string;
  articles: string;
  archive: string;
  categories: string;
  older: string;
  newer: string;
  frontPage: string;
  /** Leads to the page that checks the whole paper. */
  check: string;
  feed: string;
}

const ENGLISH: InterfaceWords = {
  language: 'en',
  by: 'By {names}',
  separator: ', ',
  updated: 'Updated {date}',
  corrections: 'Corrections',
  kinds: { correction: 'Correction', clarification: 'Clarification', update: 'Update' },
  notices: {
    correction: 'This article was corrected on {date}.',
    clarification: 'This article was clarified on {date}.',
    update: 'This article was updated on {date}.',
  },
  retracted: 'Retracted',
  retractedNotice: 'This article has been retracted.',
  sources: 'Sources',
  license: 'License: {license}',
  table: 'Table',
  record: 'Signed record',
  article: 'Article',
  revision: 'Revision',
  publication: 'Publication',
  verify:
    'To check that this article is genuine without trusting who gave it to you, download it and run {command}.',
  latest: 'Latest',
  articles: 'Articles',
  archive: 'Archive',
  categories: 'Categories',
  older: 'Older articles',
  newer: 'Newer articles',
  frontPage: 'Front page',
  check: 'Check this paper',
  feed: 'Feed',
};

const GERMAN: InterfaceWords = {
  language: 'de',
  by: 'Von {names}',
  separator: ', ',
  updated: 'Aktualisiert am {date}',
  corrections: 'Korrekturen',
  kinds: { correction: 'Korrektur', clarification: 'Klarstellung', update: 'Aktualisierung' },
  notices: {
    correction: 'Dieser Artikel wurde am {date} korrigiert.',
    clarification: 'Dieser Artikel wurde am {date} klargestellt.',
    update: 'Dieser Artikel wurde am {date} aktualisiert.',
  },
  retracted: 'Zurückgezogen',
  retractedNotice: 'Dieser Artikel wurde zurückgezogen.',
  sources: 'Quellen',
  license: 'Lizenz: {license}',
  table: 'Tabelle',
  record: 'Signierter Datensatz',
  article: 'Artikel',
  revision: 'Fassung',
  publication: 'Publikation',
  verify:
    'Ob dieser Artikel echt ist, prüft, wer ihn herunterlädt und {command} ausführt, ohne der Quelle trauen zu müssen.',
  latest: 'Neueste',
  articles: 'Artikel',
  archive: 'Archiv',
  categories: 'Rubriken',
  older: 'Ältere Artikel',
  newer: 'Neuere Artikel',
  frontPage: 'Titelseite',
  check: 'Diese Zeitung prüfen',
  feed: 'Feed',
};

const FRENCH: InterfaceWords = {
  language: 'fr',
  by: 'Par {names}',
  separator: ', ',
  updated: 'Mis à jour le {date}',
  corrections: 'Corrections',
  kinds: { correction: 'Correction', clarification: 'Précision', update: 'Mise à jour' },
  notices: {
    correction: 'Cet article a été corrigé le {date}.',
    clarification: 'Cet article a été précisé le {date}.',
    update: 'Cet article a été mis à jour le {date}.',
  },
  retracted: 'Retiré',
  retractedNotice: 'Cet article a été retiré.',
  sources: 'Sources',
  license: 'Licence : {license}',
  table: 'Tableau',
  record: 'Enregistrement signé',
  article: 'Article',
  revision: 'Révision',
  publication: 'Publication',
  verify:
    'Pour vérifier que cet article est authentique sans faire confiance à qui vous l’a remis, téléchargez-le et lancez {command}.',
  latest: 'À la une',
  articles: 'Articles',
  archive: 'Archives',
  categories: 'Rubriques',
  older: 'Articles plus anciens',
  newer: 'Articles plus récents',
  frontPage: 'Accueil',
  check: 'Vérifier ce journal',
  feed: 'Flux',
};

const SPANISH: InterfaceWords = {
  language: 'es',
  by: 'Por {names}',
  separator: ', ',
  updated: 'Actualizado el {date}',
  corrections: 'Correcciones',
  kinds: { correction: 'Corrección', clarification: 'Aclaración', update: 'Actualización' },
  notices: {
    correction: 'Este artículo se corrigió el {date}.',
    clarification: 'Este artículo se aclaró el {date}.',
    update: 'Este artículo se actualizó el {date}.',
  },
  retracted: 'Retractado',
  retractedNotice: 'Este artículo ha sido retractado.',
  sources: 'Fuentes',
  license: 'Licencia: {license}',
  table: 'Tabla',
  record: 'Registro firmado',
  article: 'Artículo',
  revision: 'Revisión',
  publication: 'Publicación',
  verify:
    'Para comprobar que este artículo es auténtico sin confiar en quien se lo dio, descárguelo y ejecute {command}.',
  latest: 'Lo último',
  articles: 'Artículos',
  archive: 'Archivo',
  categories: 'Secciones',
  older: 'Artículos anteriores',
  newer: 'Artículos más recientes',
  frontPage: 'Portada',
  check: 'Verificar este periódico',
  feed: 'Canal',
};

const ARABIC: InterfaceWords = {
  language: 'ar',
  by: 'بقلم {names}',
  separator: '، ',
  updated: 'حُدِّث في {date}',
  corrections: 'التصحيحات',
  kinds: { correction: 'تصحيح', clarification: 'توضيح', update: 'تحديث' },
  notices: {
    correction: 'صُحِّح هذا المقال في {date}.',
    clarification: 'وُضِّح هذا المقال في {date}.',
    update: 'حُدِّث هذا المقال في {date}.',
  },
  retracted: 'مسحوب',
  retractedNotice: 'سُحب هذا المقال.',
  sources: 'المصادر',
  license: 'الترخيص: {license}',
  table: 'جدول',
  record: 'السجل الموقَّع',
  article: 'المقال',
  revision: 'المراجعة',
  publication: 'الصحيفة',
  verify: 'للتحقق من أصالة هذا المقال من دون الوثوق بمن أعطاك إياه، نزِّله ثم شغِّل {command}.',
  latest: 'الأحدث',
  articles: 'المقالات',
  archive: 'الأرشيف',
  categories: 'الأقسام',
  older: 'مقالات أقدم',
  newer: 'مقالات أحدث',
  frontPage: 'الصفحة الأولى',
  check: 'التحقق من هذه الصحيفة',
  feed: 'الخلاصة',
};

const CHINESE: InterfaceWords = {
  language: 'zh',
  by: '作者：{names}',
  separator: '、',
  updated: '更新于{date}',
  corrections: '更正',
  kinds: { correction: '更正', clarification: '说明', update: '更新' },
  notices: {
    correction: '本文已于{date}更正。',
    clarification: '本文已于{date}补充说明。',
    update: '本文已于{date}更新。',
  },
  retracted: '已撤回',
  retractedNotice: '本文已被撤回。',
  sources: '来源',
  license: '许可：{license}',
  table: '表格',
  record: '签名记录',
  article: '文章',
  revision: '修订',
  publication: '媒体',
  verify: '若要在不信任提供者的情况下核实本文真伪，请下载本文并运行 {command}。',
  latest: '最新',
  articles: '文章',
  archive: '存档',
  categories: '栏目',
  older: '更早的文章',
  newer: '更新的文章',
  frontPage: '首页',
  check: '核验本报',
  feed: '订阅',
};

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
export function wordsAttributes(words: InterfaceWords, pageLanguage: string): string {
  if (words.language === primaryLanguage(pageLanguage)) return '';
  return ` lang="${words.language}" dir="${direction(words.language)}"`;
}
