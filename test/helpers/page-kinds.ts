/** A kind of page that a published paper has. */
export interface PageKind {
  name: string;
  /** Where its pages lie below the root of an edition. */
  path: RegExp;
  /** Those that are looked at, of the paper of {@link openSite}: whatever a page of the kind can show. */
  shown: readonly string[];
  /** Of a page that runs a script of ours: where it says what to do without, and a part of that. */
  withoutScript?: { at: string; says: string };
}

const DAY = String.raw`\d{4}/\d\d/\d\d`;
const BUNDLE = String.raw`(?:articles|categories/[^/]+|(?:categories/[^/]+/)?revisions)/${DAY}/[^/]+(?:/\d+)?`;

/** Every kind. A page that is of none fails test/e2e/pages.test.ts: what is new goes in here, and is checked by all. */
export const PAGE_KINDS: readonly PageKind[] = [
  { name: 'front page', path: /^index\.html$/, shown: ['index.html'] },
  { name: 'all categories', path: /^categories\/index\.html$/, shown: ['categories/index.html'] },
  {
    name: 'category with navigation',
    path: /^categories\/(?!index)[^/]+\.html$/,
    shown: ['categories/world.html'],
  },
  {
    name: 'category alone',
    path: /^categories\/[^/]+\/index\.html$/,
    shown: ['categories/world/index.html'],
  },
  {
    name: 'category alone: year or month',
    path: /^categories\/[^/]+\/\d{4}\/(?:\d\d\/)?index\.html$/,
    shown: ['categories/world/2026/index.html', 'categories/world/2026/10/index.html'],
  },
  {
    name: 'archive',
    path: /^articles\/(?:\d{4}\/)?(?:\d\d\/)?(?:\d\d\/)?index\.html$/,
    shown: [
      'articles/index.html',
      'articles/2026/index.html',
      'articles/2026/10/index.html',
      'articles/2026/10/20/index.html',
    ],
  },
  {
    name: 'article',
    path: new RegExp(`^articles/${DAY}/(?!index)[^/]+\\.html$`),
    shown: [
      'articles/2025/07/07/first-light.html',
      'articles/2026/03/05/water-sharing-agreement.html',
      'articles/2026/04/16/night-train-returns.html',
      'articles/2026/09/02/long-words.html',
      'articles/2026/10/20/retracted.html',
      'articles/2026/10/20/withheld.html',
      'articles/2026/10/21/corrected.html',
    ],
  },
  {
    // Their stories are those of the articles above.
    name: 'bundle',
    path: new RegExp(`^${BUNDLE}/index\\.html$`),
    shown: [
      'articles/2025/07/07/first-light/index.html',
      'articles/2026/10/20/retracted/index.html',
      'revisions/2026/10/21/corrected/1/index.html',
    ],
  },
  {
    name: 'what changed',
    path: new RegExp(`^${BUNDLE}/changes\\.html$`),
    shown: ['articles/2026/10/21/corrected/changes.html'],
  },
  {
    name: 'corrections',
    path: /^corrections\/(?:index|\d{4}(?:-\d\d)?)\.html$/,
    shown: ['corrections/index.html', 'corrections/2026.html'],
  },
  { name: 'about', path: /^about\.html$/, shown: ['about.html'] },
  { name: 'not found', path: /^404\.html$/, shown: ['404.html'] },
  {
    name: 'checks',
    path: /^verify\.html$/,
    shown: ['verify.html'],
    withoutScript: { at: '#verdict', says: 'the script of this page has not run' },
  },
  {
    name: 'search',
    path: /^search\.html$/,
    shown: ['search.html'],
    withoutScript: { at: '#status', says: 'a script, which is not running here' },
  },
];

/** Of which kind the page at a path is. */
export function kindOf(path: string): PageKind | undefined {
  return PAGE_KINDS.find((kind) => kind.path.test(path));
}

/** Every page that is looked at. */
export const SHOWN: readonly string[] = PAGE_KINDS.flatMap(({ shown }) => shown);
