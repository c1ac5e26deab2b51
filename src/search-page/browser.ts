/** The little of the DOM that the page uses. The program is checked without the types of browsers. */
export interface PageElement {
  textContent: string | null;
  value: string;
  hidden: boolean;
  className: string;
  readonly dataset: Readonly<Record<string, string | undefined>>;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
  focus(): void;
}

export interface PageWindow {
  document: {
    documentElement: { lang: string };
    getElementById(id: string): PageElement | null;
    createElement(name: string): PageElement;
  };
  location: { href: string; hash: string; search: string };
  history: { replaceState(state: null, unused: string, url: string): void };
  addEventListener(type: string, listener: () => void): void;
}
