/** An element of a page, as selectors see it. */
export interface PageElement {
  name: string;
  classes: readonly string[];
  id: string | undefined;
  parent: PageElement | undefined;
}

/** Elements without an end. */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(['br', 'col', 'hr', 'img', 'link', 'meta', 'wbr']);

const TAG = /<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g;
const ATTRIBUTE = / (class|id)="([^"]*)"/g;

/** The elements of a page of ours, outside of its head: what is written is well-formed, and has every attribute between `"`. */
export function elementsOf(html: string): PageElement[] {
  const elements: PageElement[] = [];
  const root: PageElement = { name: 'html', classes: [], id: undefined, parent: undefined };
  let at: PageElement | undefined = root;
  for (const [, close, name = '', attributes = ''] of html.slice(html.indexOf('<body')).matchAll(TAG)) {
    if (close !== '') {
      at = at?.parent;
      continue;
    }
    const element: PageElement = { name, ...namesOf(attributes), parent: at };
    elements.push(element);
    if (!VOID_ELEMENTS.has(name)) at = element;
  }
  return [root, ...elements];
}

function namesOf(attributes: string): Pick<PageElement, 'classes' | 'id'> {
  let classes: string[] = [];
  let id: string | undefined;
  for (const [, name, value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (name === 'class') classes = value.split(' ');
    else id = value;
  }
  return { classes, id };
}
