import type { SiteWords } from './site-words.ts';

export const ENGLISH: SiteWords = {
  language: 'en',
  navigation: 'Main navigation',
  about: 'About',
  aboutTitle: 'About {name}',
  asOf: 'As of {date}',
  recentCorrections: 'Recent corrections',
  noCorrections: 'No corrections have been published.',
  correctionsOf: 'Corrections: {year}',
  notFound: 'Page not found',
  notFoundText:
    'There is nothing at this address. It may have been mistyped, or the article is in a newer edition.',
  related: 'Related articles',
  permanentCopy: 'Permanent copy',
  permanentText:
    'This address names exactly this text and these pictures. Nobody can change what it leads to.',
  checkArticle: 'Check this article',
  keepCategory:
    'This address names everything in this category. Whoever pins it keeps all of it, with every revision.',
  publicationId: 'Publication ID',
  idText:
    'This ID names the publication for good, and nobody else can have it. Compare it with one from a source that you trust.',
  qrCode: 'QR code of the publication ID',
  name: 'Name',
  nameText: 'This name leads to the newest edition.',
  keys: 'Keys in force',
  keysText: 'Masthead {version}, valid until {date}',
  roles: {
    masthead: 'Decide who may sign',
    edition: 'Sign editions',
    desk: 'Sign articles',
    log: 'Sign the log',
    name: 'Sign the name',
  },
  threshold: '{threshold} of {count} must sign',
  howToCheck: 'How to check this paper',
  checkText: 'Download an article or the whole paper with “Download IPFS”, then check the file:',
  howToMirror: 'How to mirror this paper',
  mirrorText: 'Anybody may keep a copy and hand it on. It needs no key and no permission:',
  mirrors: 'Mirrors',
  search: {
    title: 'Search',
    label: 'Words to search for',
    hint: 'Searches headlines, summaries, authors, categories, and the most important words of each text.',
    noScript:
      'The search runs in your browser with a script, which is not running here. Every article is in the archive:',
    searching: 'Searching …',
    found: 'Articles found: {count}',
    none: 'No article was found. Try fewer words, or other ones.',
    missing:
      'This copy of the paper does not have the search index; it may hold only a part of the paper. The archive lists what is here.',
    failed: 'The search index could not be fetched. Check your connection and try again.',
    damaged:
      'The search index cannot be read: it is damaged, or of another version than this page. Reload the page.',
    more: 'Show more',
  },
};
