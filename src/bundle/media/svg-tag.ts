import type { SaxesAttributeNS, SaxesTagNS } from 'saxes';
import { EmbeddedImages } from './svg-embedded.ts';
import { type Objection, objectToAttribute } from './svg-rules.ts';

export const NAMESPACE = {
  svg: 'http://www.w3.org/2000/svg',
  xhtml: 'http://www.w3.org/1999/xhtml',
  xlink: 'http://www.w3.org/1999/xlink',
  xml: 'http://www.w3.org/XML/1998/namespace',
  xmlns: 'http://www.w3.org/2000/xmlns/',
} as const;

/** Namespaces whose attributes, and whose declarations, mean something to a browser. */
const KEPT: ReadonlySet<string> = new Set(['', NAMESPACE.svg, NAMESPACE.xlink, NAMESPACE.xml]);
const ATTRIBUTE = /[ \t\r\n]+([^ \t\r\n=]+)[ \t\r\n]*=[ \t\r\n]*(?:"[^"]*"|'[^']*')/y;

/** Characters of the text that are replaced by others, mostly by none. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

/** What is to be done about the attributes of one element. */
export interface TagFindings {
  edits: Edit[];
  removed: string[];
  objection: Objection;
}

/** Judges the attributes of the elements of one SVG. */
export class TagCheck {
  readonly #images: EmbeddedImages;

  constructor(name: string) {
    this.#images = new EmbeddedImages(name);
  }

  /** Whether an address is that of an embedded raster image without metadata. */
  readonly isCleanImage = (address: string): boolean => this.#images.clean(address) === address;

  /** @param start of the tag in the text, which ends before `end` */
  check(tag: SaxesTagNS, text: string, start: number, end: number): TagFindings {
    const findings: TagFindings = { edits: [], removed: [], objection: undefined };
    const changes = new Map<string, string>();
    for (const attribute of Object.values(tag.attributes)) this.#checkAttribute(attribute, changes, findings);
    if (changes.size > 0) findings.edits = editTag(text.slice(start, end), start, changes);
    return findings;
  }

  #checkAttribute(attribute: SaxesAttributeNS, changes: Map<string, string>, findings: TagFindings): void {
    const { name, local, value } = attribute;
    if (isForeign(attribute)) {
      changes.set(name, '');
      findings.removed.push('editor data');
      return;
    }
    const image = local === 'href' ? this.#images.clean(value) : undefined;
    if (image === undefined) findings.objection ??= objectToAttribute(local, value, this.isCleanImage);
    else if (image !== value) {
      changes.set(name, ` ${name}="${image}"`);
      findings.removed.push('metadata of an embedded image');
    }
  }
}

/** The default namespace's declaration always stays: which elements are SVG depends on it. */
function isForeign({ prefix, uri, value }: SaxesAttributeNS): boolean {
  if (uri !== NAMESPACE.xmlns) return !KEPT.has(uri);
  return prefix !== '' && !KEPT.has(value);
}

/** Replaces attributes, with the white space before them, in a tag that is known to be well-formed. */
function editTag(tag: string, offset: number, changes: ReadonlyMap<string, string>): Edit[] {
  const edits: Edit[] = [];
  ATTRIBUTE.lastIndex = tag.search(/[ \t\r\n]/);
  for (let match = ATTRIBUTE.exec(tag); match !== null; match = ATTRIBUTE.exec(tag)) {
    const text = changes.get(match[1] ?? '');
    if (text !== undefined)
      edits.push({ start: offset + match.index, end: offset + ATTRIBUTE.lastIndex, text });
  }
  return edits;
}
