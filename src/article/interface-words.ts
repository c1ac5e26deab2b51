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
  /** In the place of a text that is withheld. */
  withheldNotice: string;
  /** One sentence on a page of a revision without a stated reason; `{revision}`. */
  revised: string;
  /** Title of the page of differences, and of the link to it. */
  changes: string;
  /** `{before}` and `{after}` are numbers of revisions. */
  changesBetween: string;
  removed: string;
  added: string;
  headline: string;
  summary: string;
  text: string;
  /** Where headline, summary and text are equal. */
  sameText: string;
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
  kinds: {
    correction: 'Correction',
    clarification: 'Clarification',
    update: 'Update',
    retraction: 'Retraction',
  },
  notices: {
    correction: 'This article was corrected on {date}.',
    clarification: 'This article was clarified on {date}.',
    update: 'This article was updated on {date}.',
    retraction: 'This article was retracted on {date}.',
  },
  retracted: 'Retracted',
  retractedNotice: 'This article has been retracted.',
  withheldNotice: 'The text of this article has been withheld.',
  revised: 'This article was updated: this is revision {revision}.',
  changes: 'What changed',
  changesBetween: 'Changes from revision {before} to revision {after}',
  removed: 'Removed',
  added: 'Added',
  headline: 'Headline',
  summary: 'Summary',
  text: 'Text',
  sameText: 'Headline, summary and text are the same.',
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
  kinds: {
    correction: 'Korrektur',
    clarification: 'Klarstellung',
    update: 'Aktualisierung',
    retraction: 'Rücknahme',
  },
  notices: {
    correction: 'Dieser Artikel wurde am {date} korrigiert.',
    clarification: 'Dieser Artikel wurde am {date} klargestellt.',
    update: 'Dieser Artikel wurde am {date} aktualisiert.',
    retraction: 'Dieser Artikel wurde am {date} zurückgezogen.',
  },
  retracted: 'Zurückgezogen',
  retractedNotice: 'Dieser Artikel wurde zurückgezogen.',
  withheldNotice: 'Der Text dieses Artikels wird nicht mehr gezeigt.',
  revised: 'Dieser Artikel wurde aktualisiert: Dies ist Fassung {revision}.',
  changes: 'Was sich geändert hat',
  changesBetween: 'Änderungen von Fassung {before} zu Fassung {after}',
  removed: 'Entfernt',
  added: 'Hinzugefügt',
  headline: 'Überschrift',
  summary: 'Zusammenfassung',
  text: 'Text',
  sameText: 'Überschrift, Zusammenfassung und Text sind gleich geblieben.',
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
  kinds: {
    correction: 'Correction',
    clarification: 'Précision',
    update: 'Mise à jour',
    retraction: 'Retrait',
  },
  notices: {
    correction: 'Cet article a été corrigé le {date}.',
    clarification: 'Cet article a été précisé le {date}.',
    update: 'Cet article a été mis à jour le {date}.',
    retraction: 'Cet article a été retiré le {date}.',
  },
  retracted: 'Retiré',
  retractedNotice: 'Cet article a été retiré.',
  withheldNotice: 'Le texte de cet article n’est plus diffusé.',
  revised: 'Cet article a été mis à jour : ceci est la révision {revision}.',
  changes: 'Ce qui a changé',
  changesBetween: 'Changements de la révision {before} à la révision {after}',
  removed: 'Supprimé',
  added: 'Ajouté',
  headline: 'Titre',
  summary: 'Résumé',
  text: 'Texte',
  sameText: 'Le titre, le résumé et le texte sont identiques.',
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
  kinds: {
    correction: 'Corrección',
    clarification: 'Aclaración',
    update: 'Actualización',
    retraction: 'Retractación',
  },
  notices: {
    correction: 'Este artículo se corrigió el {date}.',
    clarification: 'Este artículo se aclaró el {date}.',
    update: 'Este artículo se actualizó el {date}.',
    retraction: 'Este artículo se retractó el {date}.',
  },
  retracted: 'Retractado',
  retractedNotice: 'Este artículo ha sido retractado.',
  withheldNotice: 'El texto de este artículo ya no se difunde.',
  revised: 'Este artículo se actualizó: esta es la revisión {revision}.',
  changes: 'Qué ha cambiado',
  changesBetween: 'Cambios de la revisión {before} a la revisión {after}',
  removed: 'Suprimido',
  added: 'Añadido',
  headline: 'Titular',
  summary: 'Resumen',
  text: 'Texto',
  sameText: 'El titular, el resumen y el texto son los mismos.',
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
  kinds: { correction: 'تصحيح', clarification: 'توضيح', update: 'تحديث', retraction: 'سحب' },
  notices: {
    correction: 'صُحِّح هذا المقال في {date}.',
    clarification: 'وُضِّح هذا المقال في {date}.',
    update: 'حُدِّث هذا المقال في {date}.',
    retraction: 'سُحب هذا المقال في {date}.',
  },
  retracted: 'مسحوب',
  retractedNotice: 'سُحب هذا المقال.',
  withheldNotice: 'حُجب نص هذا المقال.',
  revised: 'حُدِّث هذا المقال: هذه هي المراجعة {revision}.',
  changes: 'ما الذي تغيّر',
  changesBetween: 'التغييرات من المراجعة {before} إلى المراجعة {after}',
  removed: 'محذوف',
  added: 'مضاف',
  headline: 'العنوان',
  summary: 'الملخص',
  text: 'النص',
  sameText: 'العنوان والملخص والنص كما هي.',
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
  kinds: { correction: '更正', clarification: '说明', update: '更新', retraction: '撤回' },
  notices: {
    correction: '本文已于{date}更正。',
    clarification: '本文已于{date}补充说明。',
    update: '本文已于{date}更新。',
    retraction: '本文已于{date}撤回。',
  },
  retracted: '已撤回',
  retractedNotice: '本文已被撤回。',
  withheldNotice: '本文的正文已不再提供。',
  revised: '本文已更新：这是第{revision}次修订。',
  changes: '更改内容',
  changesBetween: '从修订{before}到修订{after}的更改',
  removed: '删除',
  added: '新增',
  headline: '标题',
  summary: '摘要',
  text: '正文',
  sameText: '标题、摘要和正文均未改变。',
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
