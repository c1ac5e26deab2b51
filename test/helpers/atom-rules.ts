import { parseXml, type XmlElement } from './xml.ts';

const ATOM = 'http://www.w3.org/2005/Atom';
const HISTORY = 'http://purl.org/syndication/history/1.0';
const XML = 'http://www.w3.org/XML/1998/namespace';

/** RFC 3339, section 5.6, with upper case T and Z (RFC 4287, section 3.3). */
const DATE = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}:\d{2})$/;
const LANGUAGE = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/;
const MEDIA_TYPE = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/;

/** What may be in a feed and in an entry, and how often: [least, most]. */
const MANY = Number.POSITIVE_INFINITY;
const IN_BOTH: Record<string, [number, number]> = {
  author: [0, MANY],
  category: [0, MANY],
  contributor: [0, MANY],
  id: [1, 1],
  link: [0, MANY],
  rights: [0, 1],
  title: [1, 1],
  updated: [1, 1],
};
const IN_FEED = {
  ...IN_BOTH,
  generator: [0, 1],
  icon: [0, 1],
  logo: [0, 1],
  subtitle: [0, 1],
  entry: [0, MANY],
} as Record<string, [number, number]>;
const IN_ENTRY = {
  ...IN_BOTH,
  content: [0, 1],
  published: [0, 1],
  source: [0, 1],
  summary: [0, 1],
} as Record<string, [number, number]>;

/** Attributes of Atom's elements, beside xml:lang and xml:base. */
const ATTRIBUTES: Record<string, string[]> = {
  category: ['term', 'scheme', 'label'],
  content: ['type', 'src'],
  generator: ['uri', 'version'],
  link: ['href', 'rel', 'type', 'hreflang', 'title', 'length'],
  rights: ['type'],
  subtitle: ['type'],
  summary: ['type'],
  title: ['type'],
};

/** What RFC 4287 (and RFC 5005, of an archive) demands or forbids and a document does not keep to. Not well-formed: throws. */
export function atomObjections(text: string): string[] {
  const feed = parseXml(text);
  const found: string[] = [];
  const say = (kept: boolean, rule: string) => void (kept || found.push(rule));
  say(feed.name === `{${ATOM}}feed`, '4.1.1: the document is a feed');
  countChildren(feed, IN_FEED, say);
  checkCommon(feed, say);
  const entries = childrenOf(feed, 'entry');
  const named = childrenOf(feed, 'author').length > 0;
  for (const entry of entries) checkEntry(entry, named, say);
  const ids = entries.map((entry) => textOf(entry, 'id'));
  say(new Set(ids).size === ids.length, '4.1.1: no entry is there twice');
  const self = linksOf(feed, 'self');
  say(self.length <= 1, '4.1.1: one self');
  for (const { attributes } of self) say(URL.canParse(attributes['href'] ?? ''), 'self is absolute');
  checkArchive(feed, say);
  return found;
}

type Say = (kept: boolean, rule: string) => void;

function checkEntry(entry: XmlElement, named: boolean, say: Say): void {
  countChildren(entry, IN_ENTRY, say);
  checkCommon(entry, say);
  say(named || childrenOf(entry, 'author').length > 0, '4.1.2: somebody is the author');
  const [content] = childrenOf(entry, 'content');
  const alternates = linksOf(entry, 'alternate');
  say(content !== undefined || alternates.length > 0, '4.1.2: content or an alternate');
  const src = content?.attributes['src'];
  say(src === undefined || childrenOf(entry, 'summary').length === 1, '4.1.2: summary of what is elsewhere');
  for (const each of childrenOf(entry, 'published')) say(DATE.test(each.text), `3.3: ${each.text}`);
}

/** What feeds and entries have in common. */
function checkCommon(element: XmlElement, say: Say): void {
  checkAttributes(element, say);
  for (const child of element.children) if (child.name !== `{${ATOM}}entry`) checkAttributes(child, say);
  const id = textOf(element, 'id');
  say(URL.canParse(id) && id === id.trim(), `4.2.6: id is an IRI: ${id}`);
  say(DATE.test(textOf(element, 'updated')), `3.3: ${textOf(element, 'updated')}`);
  say(!Number.isNaN(Date.parse(textOf(element, 'updated'))), 'a date of the calendar');
  for (const name of ['title', 'subtitle', 'summary', 'rights', 'content'])
    for (const each of childrenOf(element, name)) checkText(each, say);
  say(textOf(element, 'title').trim() !== '', 'a title says something');
  for (const author of childrenOf(element, 'author')) checkPerson(author, say);
  for (const link of childrenOf(element, 'link')) checkLink(link, say);
  for (const { attributes } of childrenOf(element, 'category')) {
    say((attributes['term'] ?? '') !== '', '4.2.2.1: term');
    const { scheme } = attributes;
    say(scheme === undefined || URL.canParse(scheme), `4.2.2.2: scheme is an IRI: ${scheme}`);
    say(attributes['label'] !== '', 'label says something');
  }
  const kinds = linksOf(element, 'alternate').map(({ attributes: { type, hreflang } }) =>
    [type, hreflang].join(' '),
  );
  say(new Set(kinds).size === kinds.length, '4.1.1: alternates differ in type or hreflang');
}

function checkText({ attributes, children, text }: XmlElement, say: Say): void {
  const type = attributes['type'] ?? 'text';
  say(['text', 'html', 'xhtml'].includes(type), `3.1.1: type ${type}`);
  const [only, ...more] = children;
  const isDiv = only?.name === '{http://www.w3.org/1999/xhtml}div' && more.length === 0;
  say(type === 'xhtml' ? isDiv : children.length === 0, `3.1.1: what ${type} holds`);
  say(type !== 'html' || !/<(?:script|iframe|style)|\son\w+=/i.test(text), 'nothing that runs');
}

function checkPerson(person: XmlElement, say: Say): void {
  const names = person.children.map(({ name }) => name);
  say(
    names.every((name) => ['name', 'uri', 'email'].some((each) => name === `{${ATOM}}${each}`)),
    '3.2: persons',
  );
  say(new Set(names).size === names.length, '3.2: each once');
  say(textOf(person, 'name').trim() !== '', '3.2.1: name');
  for (const { text } of childrenOf(person, 'uri')) say(URL.canParse(text), `3.2.2: ${text}`);
}

function checkLink({ attributes, children, text }: XmlElement, say: Say): void {
  const { href = '', rel = 'alternate', type, length, hreflang } = attributes;
  say(
    href !== '' && URL.canParse(href, 'https://a.example/b/') && !/[\s<>"{}|\\^`]/.test(href),
    `4.2.7.1: ${href}`,
  );
  say(/^[a-z-]+$/.test(rel), `4.2.7.2: ${rel}`);
  say(type === undefined || MEDIA_TYPE.test(type), `4.2.7.3: ${type}`);
  say(hreflang === undefined || LANGUAGE.test(hreflang), `4.2.7.4: ${hreflang}`);
  say(length === undefined || /^\d+$/.test(length), `4.2.7.6: ${length}`);
  say(rel !== 'enclosure' || length !== undefined, '4.2.7.2: an enclosure says its length');
  say(children.length === 0 && text === '', 'a link is empty');
}

function checkAttributes({ name, attributes }: XmlElement, say: Say): void {
  const local = name.slice(ATOM.length + 2);
  for (const each of Object.keys(attributes)) {
    const known =
      each.startsWith(`{${XML}}`) || each === 'xmlns' || each.startsWith('{http://www.w3.org/2000/xmlns/}');
    say(known || (ATTRIBUTES[local] ?? []).includes(each), `${name}: attribute ${each}`);
  }
  const language = attributes[`{${XML}}lang`];
  say(language === undefined || LANGUAGE.test(language), `2: xml:lang ${language}`);
}

function countChildren(element: XmlElement, allowed: Record<string, [number, number]>, say: Say): void {
  for (const { name } of element.children) {
    if (name === `{${HISTORY}}archive`) continue;
    say(
      name.startsWith(`{${ATOM}}`) && Object.hasOwn(allowed, name.slice(ATOM.length + 2)),
      `${name} is known`,
    );
  }
  for (const [name, [least, most]] of Object.entries(allowed)) {
    const count = childrenOf(element, name).length;
    say(count >= least && count <= most, `${name} is there ${count} times`);
  }
}

/** RFC 5005, section 4. */
function checkArchive(feed: XmlElement, say: Say): void {
  const isArchive = feed.children.some(({ name }) => name === `{${HISTORY}}archive`);
  say(linksOf(feed, 'prev-archive').length <= 1, 'RFC 5005: one prev-archive');
  say(
    linksOf(feed, 'current').length === (isArchive ? 1 : 0),
    'RFC 5005: an archive leads to the current one',
  );
}

/** The links of a feed or an entry of one relation. */
export function linksOf(element: XmlElement, rel: string): XmlElement[] {
  return childrenOf(element, 'link').filter(({ attributes }) => (attributes['rel'] ?? 'alternate') === rel);
}

/** Its children of a name of Atom. */
export function childrenOf({ children }: XmlElement, local: string): XmlElement[] {
  return children.filter(({ name }) => name === `{${ATOM}}${local}`);
}

/** The text of its first child of a name of Atom. */
export function textOf(element: XmlElement, local: string): string {
  return childrenOf(element, local)[0]?.text ?? '';
}
