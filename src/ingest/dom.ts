/** What our rules ask of any node, whichever DOM the library brings. */
export interface DomNode {
  nodeName: string;
  /** Of a text its words; null of an element. */
  nodeValue: string | null;
  nextSibling: DomNode | null;
  childNodes: ArrayLike<DomNode>;
}

/** What they ask of an element. */
export interface DomElement extends DomNode {
  parentNode: DomElement | null;
  nextElementSibling: DomElement | null;
  children: ArrayLike<DomElement>;
  textContent: string | null;
  getAttribute(name: string): string | null;
  getElementsByTagName(name: string): ArrayLike<DomElement>;
  querySelector(selector: string): DomElement | null;
}
