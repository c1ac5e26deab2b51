import { SaxesParser, type SaxesTagNS } from 'saxes';
import type { OvnError } from '../../errors.ts';
import { malformedImage, oversizedImage } from './image-error.ts';
import { MEDIA_LIMITS } from './limits.ts';
import { type Objection, objectToCss, objectToDoctype, objectToElement } from './svg-rules.ts';
import type { RootSize } from './svg-size.ts';
import { type Edit, NAMESPACE, TagCheck } from './svg-tag.ts';

export type { Edit } from './svg-tag.ts';

/** What {@link scanSvg} found. */
export interface SvgScan {
  /** In the order of the text, without overlaps. */
  edits: Edit[];
  /** Kinds of what the edits remove. */
  removed: Set<string>;
  root: RootSize;
}

/** Reads an SVG once and says what is to be removed. @throws OvnError for what is refused */
export function scanSvg(text: string, name: string): SvgScan {
  return new SvgScanner(text, name).scan();
}

class SvgScanner {
  readonly #text: string;
  readonly #name: string;
  readonly #parser = new SaxesParser({ xmlns: true, defaultXMLVersion: '1.0', forceXMLVersion: true });
  readonly #tags: TagCheck;
  readonly #edits: Edit[] = [];
  readonly #removed = new Set<string>();
  #root: RootSize | undefined;
  /** Behind the last piece of markup: the next one begins at the next `<`. */
  #end = 0;
  #count = 0;
  #depth = 0;
  /** The outermost element that is being removed. */
  #hidden: { start: number; depth: number; kind: string } | undefined;
  #style: { css: string; depth: number } | undefined;

  constructor(text: string, name: string) {
    this.#text = text;
    this.#name = name;
    this.#tags = new TagCheck(name);
  }

  scan(): SvgScan {
    const parser = this.#parser;
    parser.on('error', (error) => this.#refuse(`is not well-formed XML: ${error.message}`));
    parser.on('xmldecl', ({ encoding }) => this.#takeDeclaration(encoding));
    parser.on('doctype', (doctype) => this.#takeDoctype(doctype));
    parser.on('processinginstruction', () => this.#takeInvisible('processing instruction', parser.position));
    // saxes reports a comment when it has seen "--", before the ">".
    parser.on('comment', () => this.#takeInvisible('comment', parser.position + 1));
    parser.on('cdata', (css) => this.#takeCharacterData(css));
    parser.on('text', (css) => this.#takeText(css));
    parser.on('opentag', (tag) => this.#open(tag));
    parser.on('closetag', () => this.#close());
    parser.write(this.#text).close();
    return { edits: this.#edits, removed: this.#removed, root: this.#root ?? {} };
  }

  #takeDeclaration(encoding: string | undefined): void {
    this.#next(this.#parser.position);
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding))
      this.#refuse('declares another encoding than UTF-8');
  }

  #takeDoctype(doctype: string): void {
    this.#objectIf(objectToDoctype(doctype));
    this.#takeInvisible('DOCTYPE', this.#parser.position);
  }

  #takeInvisible(kind: string, end: number): void {
    const start = this.#next(end);
    if (this.#hidden === undefined) this.#cut(start, end, kind);
  }

  #takeCharacterData(text: string): void {
    this.#next(this.#parser.position);
    this.#takeText(text);
  }

  #takeText(text: string): void {
    if (this.#style !== undefined && this.#hidden === undefined) this.#style.css += text;
  }

  #open(tag: SaxesTagNS): void {
    const start = this.#next(this.#parser.position);
    this.#depth += 1;
    if (this.#depth > MEDIA_LIMITS.depth)
      throw this.#oversized(`more than ${MEDIA_LIMITS.depth} elements deep`);
    this.#root ??= this.#readRoot(tag);
    if (this.#hidden !== undefined) return;
    const kind = this.#invisibleKind(tag);
    if (kind === undefined) this.#takeVisible(tag, start);
    else this.#hidden = { start, depth: this.#depth, kind };
  }

  #close(): void {
    this.#end = this.#parser.position;
    if (this.#hidden?.depth === this.#depth) {
      this.#cut(this.#hidden.start, this.#end, this.#hidden.kind);
      this.#hidden = undefined;
    } else if (this.#style?.depth === this.#depth) {
      this.#objectIf(objectToCss(this.#style.css, this.#tags.isCleanImage));
      this.#style = undefined;
    }
    this.#depth -= 1;
  }

  #readRoot({ local, uri, attributes }: SaxesTagNS): RootSize {
    if (local !== 'svg' || uri !== NAMESPACE.svg) {
      this.#refuse(`has no <svg xmlns="${NAMESPACE.svg}"> as its outermost element`);
    }
    const { width, height, viewBox } = attributes;
    return { width: width?.value, height: height?.value, viewBox: viewBox?.value };
  }

  /** Elements of other vocabularies do not show; those of HTML could. */
  #invisibleKind({ local, uri }: SaxesTagNS): string | undefined {
    if (uri === NAMESPACE.xhtml) this.#refuse(`holds HTML (<${local}>)`);
    if (uri !== NAMESPACE.svg) return 'editor data';
    return local === 'metadata' ? 'metadata' : undefined;
  }

  #takeVisible(tag: SaxesTagNS, start: number): void {
    this.#objectIf(objectToElement(tag.local));
    const { edits, removed, objection } = this.#tags.check(tag, this.#text, start, this.#end);
    this.#objectIf(objection);
    // Not spread into push: a tag can have more attributes than a call can have arguments.
    for (const edit of edits) this.#edits.push(edit);
    for (const kind of removed) this.#removed.add(kind);
    if (tag.local === 'style' && this.#style === undefined) this.#style = { css: '', depth: this.#depth };
  }

  /** Steps over one piece of markup and returns where it begins: character data before it has no `<`. */
  #next(end: number): number {
    this.#count += 1;
    if (this.#count > MEDIA_LIMITS.elements)
      throw this.#oversized(`more than ${MEDIA_LIMITS.elements} elements`);
    const start = this.#text.indexOf('<', this.#end);
    this.#end = end;
    return start;
  }

  #cut(start: number, end: number, kind: string): void {
    this.#edits.push({ start, end, text: '' });
    this.#removed.add(kind);
  }

  #objectIf(objection: Objection): void {
    if (objection !== undefined) this.#refuse(objection);
  }

  #refuse(reason: string): never {
    const line = reason.replace(/[\p{C}\s]+/gu, ' ').slice(0, 300);
    throw malformedImage(this.#name, `the SVG ${line}`, 'export it as plain SVG, or convert it to PNG');
  }

  #oversized(reason: string): OvnError {
    return oversizedImage(this.#name, `the SVG has ${reason}`);
  }
}
