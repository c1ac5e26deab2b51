import { SaxesParser } from 'saxes';
import { OvnError } from '../errors.ts';

/** An element with all that is in it. */
export interface XmlElement {
  /** As written, with its prefix. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  /** The text right inside of it. */
  text: string;
  children: XmlElement[];
  /** Text and children in their order. */
  content: (string | XmlElement)[];
}

/** What XML from outside may be at most. */
const LIMITS = {
  depth: 64,
  /** Characters of one record's texts. */
  text: 32 * 1024 * 1024,
  /** Elements of one record. */
  elements: 200_000,
  records: 500_000,
} as const;

/** The one document type that a feed has by its own rules. It is not looked up, and nothing is declared in it. */
const RSS_091 =
  /^\s*rss\s+PUBLIC\s+"-\/\/Netscape Communications\/\/DTD RSS 0\.91\/\/EN"\s+"[^"[\]]{0,200}"\s*$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: what XML forbids, and exports hold all the same
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

/**
 * Reads XML piece by piece and gives out each element at one depth whole: of a feed, the children of its channel. Entities other than XML's
 * own five are left as they are written, document types are refused but for that of RSS 0.91, and control characters are dropped.
 */
export class XmlRecords {
  readonly #parser = new SaxesParser({ xmlns: false, position: true });
  readonly #depthBelow: (root: string) => number;
  readonly #take: (record: XmlElement, parents: readonly string[]) => void;
  #open: XmlElement[] = [];
  #outer: string[] = [];
  #text = 0;
  #elements = 0;
  #records = 0;

  /** @param depthBelow of the records below a root: 2 is a child of a child of it. */
  constructor(
    depthBelow: (root: string) => number,
    take: (record: XmlElement, parents: readonly string[]) => void,
  ) {
    this.#depthBelow = depthBelow;
    this.#take = take;
    this.#parser.on('error', (error) => this.#fail(error));
    this.#parser.on('doctype', (type) => {
      if (!RSS_091.test(type)) throw new OvnError('malformed', 'it has a document type, which is not read');
    });
    this.#parser.on('opentag', ({ name, attributes }) => this.#start(name, attributes));
    this.#parser.on('closetag', () => this.#end());
    this.#parser.on('text', (text) => this.#add(text));
    this.#parser.on('cdata', (text) => this.#add(text));
  }

  /** @throws OvnError `malformed`, `limit` */
  write(chunk: string): void {
    this.#parser.write(chunk.replace(FORBIDDEN, ''));
  }

  /** @throws OvnError `malformed` where the text breaks off. */
  end(): void {
    this.#parser.close();
  }

  #start(name: string, attributes: Record<string, string>): void {
    if (this.#outer.length + this.#open.length >= LIMITS.depth)
      throw new OvnError('limit', `its elements are nested deeper than ${LIMITS.depth}`);
    if (this.#outer.length < this.#depthBelow(this.#outer[0] ?? name)) {
      this.#outer.push(name);
      return;
    }
    if (++this.#elements > LIMITS.elements)
      throw new OvnError('limit', 'one of its entries has too many elements');
    const element: XmlElement = { name, attributes, text: '', children: [], content: [] };
    const parent = this.#open.at(-1);
    parent?.children.push(element);
    parent?.content.push(element);
    this.#open.push(element);
  }

  #end(): void {
    const element = this.#open.pop();
    if (element === undefined) this.#outer.pop();
    else if (this.#open.length === 0) {
      if (++this.#records > LIMITS.records) throw new OvnError('limit', 'it has too many entries');
      this.#take(element, this.#outer);
      this.#text = 0;
      this.#elements = 0;
    }
  }

  #add(text: string): void {
    const element = this.#open.at(-1);
    if (element === undefined) return;
    this.#text += text.length;
    if (this.#text > LIMITS.text) throw new OvnError('limit', 'one of its entries is larger than 32 MiB');
    element.text += text;
    element.content.push(text);
  }

  /** HTML's names for characters are no XML, and yet stand in many exports. */
  #fail(error: Error): void {
    if (/undefined entity/.test(error.message)) return;
    const reason = error.message.replace(/^\S*\d+:\d+:\s*/, '');
    throw new OvnError('malformed', `line ${this.#parser.line}: ${reason.slice(0, 200)}`);
  }
}

/** The first child of a name. */
export function child(element: XmlElement, name: string): XmlElement | undefined {
  return element.children.find((one) => one.name === name);
}

/** The text of the first child of a name, trimmed; undefined when it is empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  const text = child(element, name)?.text.trim();
  return text === '' ? undefined : text;
}
