/** The parts of css-tree that need none of its tables of data, which it reads from files beside it. */
declare module 'css-tree/parser' {
  import type { CssNode, ParseOptions } from 'css-tree';

  const parse: (css: string, options?: ParseOptions) => CssNode;
  export default parse;
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
