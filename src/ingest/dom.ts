/** What our rules ask of an element, whichever DOM the library brings. */
export interface DomElement {
  nodeName: string;
  parentNode: DomElement | null;
  nextElementSibling: DomElement | null;
  children: ArrayLike<DomElement>;
  textContent: string | null;
  getAttribute(name: string): string | null;
  getElementsByTagName(name: string): ArrayLike<DomElement>;
  querySelector(selector: string): DomElement | null;
}
