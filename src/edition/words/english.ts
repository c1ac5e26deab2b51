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
};
