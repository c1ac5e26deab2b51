import type { SiteWords } from './site-words.ts';

export const GERMAN: SiteWords = {
  language: 'de',
  navigation: 'Hauptnavigation',
  about: 'Über uns',
  aboutTitle: 'Über {name}',
  asOf: 'Stand: {date}',
  recentCorrections: 'Jüngste Korrekturen',
  noCorrections: 'Bisher wurden keine Korrekturen veröffentlicht.',
  correctionsOf: 'Korrekturen: {year}',
  notFound: 'Seite nicht gefunden',
  notFoundText:
    'Unter dieser Adresse gibt es nichts. Vielleicht ist sie falsch geschrieben, oder der Artikel steht in einer neueren Ausgabe.',
  related: 'Verwandte Artikel',
  permanentCopy: 'Dauerhafte Kopie',
  permanentText:
    'Diese Adresse bezeichnet genau diesen Text und diese Bilder. Niemand kann ändern, wohin sie führt.',
  checkArticle: 'Diesen Artikel prüfen',
  keepCategory:
    'Diese Adresse bezeichnet alles in dieser Rubrik. Wer sie anpinnt, bewahrt alles auf, mit jeder Fassung.',
  publicationId: 'Kennung der Publikation',
  idText:
    'Diese Kennung bezeichnet die Publikation auf Dauer, und niemand sonst kann sie haben. Vergleichen Sie sie mit der aus einer Quelle, der Sie vertrauen.',
  qrCode: 'QR-Code der Kennung der Publikation',
  name: 'Name',
  nameText: 'Dieser Name führt zur neuesten Ausgabe.',
  keys: 'Gültige Schlüssel',
  keysText: 'Impressum Nr. {version}, gültig bis {date}',
  roles: {
    masthead: 'Bestimmen, wer signieren darf',
    edition: 'Signieren Ausgaben',
    desk: 'Signieren Artikel',
    log: 'Signieren das Protokoll',
    name: 'Signieren den Namen',
  },
  threshold: '{threshold} von {count} müssen signieren',
  howToCheck: 'So prüfen Sie diese Zeitung',
  checkText:
    'Laden Sie einen Artikel oder die ganze Zeitung mit „Download IPFS“ herunter und prüfen Sie die Datei:',
  howToMirror: 'So spiegeln Sie diese Zeitung',
  mirrorText: 'Jeder darf eine Kopie aufbewahren und weitergeben, ohne Schlüssel und ohne Erlaubnis:',
  mirrors: 'Spiegel',
  search: {
    title: 'Suche',
    label: 'Suchbegriffe',
    hint: 'Durchsucht werden Überschriften, Zusammenfassungen, Namen der Autoren, Ressorts und die wichtigsten Wörter jedes Textes.',
    noScript:
      'Die Suche läuft in Ihrem Browser mit einem Skript, das hier nicht ausgeführt wird. Alle Artikel stehen im Archiv:',
    searching: 'Suche läuft …',
    found: 'Gefundene Artikel: {count}',
    none: 'Kein Artikel gefunden. Versuchen Sie es mit weniger oder anderen Wörtern.',
    missing:
      'Dieser Kopie der Zeitung fehlt der Suchindex; vielleicht enthält sie nur einen Teil der Zeitung. Das Archiv zeigt, was hier ist.',
    failed:
      'Der Suchindex konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
    damaged:
      'Der Suchindex ist nicht lesbar: Er ist beschädigt oder gehört zu einer anderen Version dieser Seite. Laden Sie die Seite neu.',
    more: 'Mehr anzeigen',
  },
};
