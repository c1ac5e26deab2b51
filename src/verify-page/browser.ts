/** The little of the DOM that the page uses. The program is checked without the types of browsers. */
export interface PageElement {
  textContent: string | null;
  value: string;
  hidden: boolean;
  className: string;
  append(...children: (PageElement | string)[]): void;
  replaceChildren(...children: (PageElement | string)[]): void;
  setAttribute(name: string, value: string): void;
  addEventListener(type: string, listener: (event: { preventDefault(): void }) => void): void;
}

export interface PageWindow {
  document: {
    getElementById(id: string): PageElement | null;
    createElement(name: string): PageElement;
  };
  location: { href: string; hash: string };
  crypto?: { subtle?: SubtleCrypto };
  addEventListener(type: string, listener: () => void): void;
}

type SubtleCrypto = typeof globalThis.crypto.subtle;

/** What this browser lacks, as a sentence; `undefined` where it can check signatures. */
export async function findLack({ crypto }: PageWindow): Promise<string | undefined> {
  const subtle = crypto?.subtle;
  if (subtle === undefined) {
    return 'This browser gives pages its cryptography (crypto.subtle) only over https and from this very machine (http://127.0.0.1 or localhost), so nothing can be checked here.';
  }
  try {
    // Some key whose bytes name a point.
    const base = Uint8Array.from({ length: 32 }, (_, at) => (at === 0 ? 0x58 : 0x66));
    await subtle.importKey('raw', base, { name: 'Ed25519' }, false, ['verify']);
    return undefined;
  } catch {
    return 'This browser does not know Ed25519, the kind of signatures that papers have, so nothing can be checked here. A newer one does.';
  }
}
