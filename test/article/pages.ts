import type { ArticleDocument } from '../../src/article/document.ts';

const BASE: ArticleDocument = {
  '@context': ['https://schema.org', 'https://w3id.org/security/data-integrity/v2'],
  '@type': 'NewsArticle',
  format: 'ovn-article/1',
  template: 1,
  publication: {
    id: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy',
    masthead: 1,
    name: 'OpenVoiceNews',
    tagline: 'Transparent. Unbiased. Yours.',
    url: 'https://openvoice.example/',
  },
  identifier: '2025/07/07/first-light',
  revision: 1,
  status: 'published',
  headline: 'First light over the harbour',
  articleSection: ['Science'],
  categories: [{ slug: 'science', name: 'Science' }],
  datePublished: '2025-07-07',
  dateModified: '2025-07-07',
  inLanguage: 'en',
  encodingFormat: 'text/markdown',
  articleBody: 'The sun rose at **05:12**.\n',
  files: [],
};

const EVERYTHING: ArticleDocument = {
  ...BASE,
  revision: 3,
  headline: 'Harbour "opens" & <closes>',
  description: 'A short "summary" of <what> happened.',
  categories: [
    { slug: 'science', name: 'Science' },
    { slug: 'defence-security', name: 'Defence & Security' },
  ],
  author: [
    { '@type': 'Person', name: 'Ada Lovelace' },
    { '@type': 'Person', name: 'Émilie <du> Châtelet' },
  ],
  datePublished: '2025-07-07T10:00:00.123456+02:00',
  dateModified: '2025-07-10T08:00Z',
  articleBody: `# Morning

Setext
------

A [link](https://example.org/?a=1&b=2 "Title"), a [fragment](#morning), a [picture](./pictures/harbour.jpg), ![The harbour](pictures/harbour.jpg "At dawn")
and ![](decoration.png). <em>Raw</em> &amp; [lost](/about).

[![](decoration.png)](https://example.org/linked) ![Far](https://example.org/far.png)

| Ship | Tons |   |
|:-----|-----:|:-:|
| Ark  |  300 | a |

\`\`\`js
const a = "<b>";  
\`\`\`

1. one
   - two
     > three

---

### Deep
##### Deeper
# Morning
`,
  correction: [
    { '@type': 'CorrectionComment', kind: 'update', datePublished: '2025-07-08', text: 'More was learnt.' },
    {
      '@type': 'CorrectionComment',
      kind: 'correction',
      datePublished: '2025-07-10T08:00Z',
      text: 'It was 300 tons, not <3000>.',
    },
    {
      '@type': 'CorrectionComment',
      kind: 'clarification',
      datePublished: '2025-07-09',
      text: 'Which harbour.',
    },
  ],
  citation: [
    { '@type': 'CreativeWork', name: 'Harbour log & book' },
    { '@type': 'CreativeWork', name: 'Report', url: 'https://example.org/r?a=1&b=2' },
    { '@type': 'CreativeWork', name: 'Bad', url: 'javascript:alert(1)' },
  ],
  license: 'https://creativecommons.org/licenses/by/4.0/',
  files: [
    {
      path: 'media/decoration-12345678.png',
      cid: 'bafkrei',
      size: 9,
      type: 'image/png',
      role: 'image',
      source: ['decoration.png'],
      alt: '',
    },
    {
      path: 'media/harbour-1a2b3c4d.jpg',
      cid: 'bafkrei',
      size: 9,
      type: 'image/jpeg',
      role: 'image',
      source: ['pictures/harbour.jpg'],
      alt: 'Boats & "gulls"',
      width: 1600,
      height: 900,
      caption: 'The harbour <at dawn>',
      credit: 'NASA & others',
      lead: true,
    },
  ],
};

/** Documents whose pages are committed byte by byte. */
export const PAGES = {
  plain: BASE,
  everything: EVERYTHING,
  retracted: {
    ...BASE,
    revision: 2,
    status: 'retracted',
    articleBody: 'Secret text\n',
    dateModified: '2025-07-09',
    correction: [
      {
        '@type': 'CorrectionComment',
        kind: 'retraction',
        datePublished: '2025-07-09',
        text: 'The interview never took place.',
      },
    ],
  },
  arabic: {
    ...EVERYTHING,
    headline: 'الضوء الأول فوق الميناء',
    inLanguage: 'ar',
    license: 'CC-BY-4.0',
    articleBody: '# الفجر\n\nأشرقت الشمس في الساعة `05:12`.\n\n| أ | ب |\n|---|---|\n| 1 | 2 |\n',
  },
  german: { ...EVERYTHING, inLanguage: 'de-CH', articleBody: '# Größe\n\nText.\n' },
  chinese: { ...EVERYTHING, inLanguage: 'zh-Hans', headline: '灯台の光', articleBody: '# 港口\n\n日出。\n' },
  finnish: { ...EVERYTHING, inLanguage: 'fi', articleBody: '# Satama\n\n| a |\n|---|\n| b |\n' },
} satisfies Record<string, ArticleDocument>;
