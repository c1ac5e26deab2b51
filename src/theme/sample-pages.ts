import type { ArticleDocument, Correction } from '../article/document.ts';
import { renderShell } from '../article/html.ts';
import type { Look } from '../article/look.ts';
import { renderPage } from '../article/page.ts';

const CID = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';

const ARTICLE: ArticleDocument = {
  '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
  '@type': 'NewsArticle',
  format: 'ovn-article/1',
  template: 1,
  publication: { id: CID, masthead: 1, name: 'A paper', tagline: 'What it is' },
  identifier: '2025/01/02/sample',
  revision: 1,
  status: 'published',
  headline: 'A headline',
  articleSection: ['World'],
  categories: [{ slug: 'world', name: 'World' }],
  datePublished: '2025-01-02',
  dateModified: '2025-01-02',
  inLanguage: 'en',
  encodingFormat: 'text/markdown',
  articleBody: [
    '# One\n\n## Two\n\n### Three\n\n#### Four\n\n##### Five',
    'Text with *words*, **strong** ones, `code` and a [link](https://example.org/).',
    '- list\n\n1. ordered\n\n> quote\n\n    code\n\n| a | b |\n|---|---|\n| c | d |\n',
  ].join('\n\n'),
  files: [],
};

/** A list with an article that was corrected. */
const MARKED =
  '<ul class="headlines">\n<li><a href="a.html">A headline</a> <span class="corrected">Correction</span></li>\n</ul>';

const FULL: Partial<ArticleDocument> = {
  description: 'A summary',
  author: [{ '@type': 'Person', name: 'Somebody' }],
  dateModified: '2025-01-03',
  wordCount: 8,
  citation: [{ '@type': 'CreativeWork', name: 'A source', url: 'https://example.org/' }],
  license: 'CC-BY-4.0',
  inLanguage: 'ar',
};

/** What else a page of the site may have around or in what it must show: days of a month, what changed, the page about the paper. */
const OTHER_PAGES: readonly string[] = [
  `<h1>A month</h1>\n<div class="days"><section><h2>A day</h2>\n${MARKED}</section></div>`,
  '<article class="story"><header><h1><a href="a.html">A headline</a></h1></header>\n<section class="body"><h2>Text</h2>\n<p class="meta">…</p>\n<p><del>It was</del> <ins>It is</ins></p></section></article>',
  '<div class="about"><h1>About</h1></div>',
];

/** One page of each kind, as a look lays it out: an article of every state, and pages of the site. */
export function samplePages(look: Look): string[] {
  const articles: ArticleDocument[] = [
    ARTICLE,
    { ...ARTICLE, ...FULL, correction: [notice('correction')] },
    { ...ARTICLE, ...FULL, revision: 2, status: 'retracted', correction: [notice('retraction')] },
    { ...ARTICLE, revision: 2, status: 'retracted', withheld: [1], correction: [notice('retraction')] },
  ];
  return [
    ...articles.map((article) => renderPage(article, look)),
    frontPage(look),
    ...OTHER_PAGES.map((main) => sitePage(look, main)),
  ];
}

function notice(kind: Correction['kind']): Correction {
  return { '@type': 'CorrectionComment', kind, datePublished: '2025-01-03', text: 'It was not so.' };
}

/** A front page with an article that was corrected. */
const FRONT = {
  latest:
    '<div class="latest">\n<h1>Latest</h1>\n<ol class="entries">\n<li><h2><a href="a.html">A headline</a></h2>\n<p class="meta"><span class="corrected">Correction</span></p></li>\n</ol>\n</div>',
  categories: `<section class="by-category">\n<h2>Categories</h2>\n<div class="shelves"><section>${MARKED}</section></div>\n</section>`,
  corrections:
    '<section class="recent-corrections">\n<h2>Corrections</h2>\n<ol class="notices">\n<li><p class="meta"><strong>Correction</strong></p>\n<p>It was not so.</p></li>\n</ol>\n</section>',
};

function frontPage(look: Look): string {
  return sitePage(look, look.front?.(FRONT) ?? Object.values(FRONT).join('\n'), true);
}

function sitePage(look: Look, main: string, isWide = false): string {
  return renderShell({
    lang: 'en',
    title: 'A paper',
    description: '',
    style: 'style.css',
    publication: ARTICLE.publication,
    navigation: '<nav class="site"><ul><li><a href="./">Front page</a></li></ul></nav>',
    main: `${main}\n`,
    isWide,
    footer:
      '<footer class="colophon"><p><a class="download" href="./?format=car">Download IPFS</a></p></footer>',
    look,
  });
}
