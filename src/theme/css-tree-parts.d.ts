/** The parts of css-tree that need none of its tables of data, which it reads from files beside it. */
declare module 'css-tree/parser' {
  import type { CssNode, ParseOptions } from 'css-tree';

  const parse: (css: string, options?: ParseOptions) => CssNode;
  export default parse;
}

declare module 'css-tree/tokenizer' {
  /** Calls with the number of its kind, and where it starts and ends, for each token. */
  export const tokenize: (css: string, onToken: (type: number, start: number, end: number) => void) => void;
  export const tokenTypes: Readonly<Record<'Comment' | 'String' | 'Url', number>>;
}

declare module 'css-tree/walker' {
  import type { CssNode, EnterOrLeaveFn, WalkOptions } from 'css-tree';

  const walk: (ast: CssNode, options: EnterOrLeaveFn | WalkOptions) => void;
  export default walk;
}

declare module 'css-tree/generator' {
  import type { CssNode } from 'css-tree';

  const generate: (ast: CssNode) => string;
  export default generate;
}
