/**
 * What a library loads when it is loaded, and the program has no use for: a process starts 5 ms faster without. Only where the
 * program's own process is concerned: whoever uses the library may run it in a cluster.
 *
 * @type {{ from: RegExp, module: RegExp, contents: string }[]}
 */
const LEFT_OUT = [
  // It starts programs only for subcommands that are files of their own.
  {
    from: /[\\/]commander[\\/]/,
    module: /^node:child_process$/,
    contents: `export default { spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) };`,
  },
  // No cluster and no other thread asks for what Helia locks in this one.
  {
    from: /[\\/]mortice[\\/]/,
    module: /^\.\/node\.js$/,
    contents: 'export default () => new EventTarget();',
  },
  // Both streams are made at every start, and know what they are; node:tty is for who has a terminal.
  {
    from: /[\\/](supports-color|weald)[\\/]/,
    module: /^node:tty$/,
    contents:
      'export default { isatty: (fd) => (fd === 1 ? process.stdout : process.stderr).isTTY === true };',
  },
  // More colours, for whoever has DEBUG=*. It is CommonJS: what it requires is made when it asks, and so are Node's modules in it.
  { from: /[\\/]debug[\\/]/, module: /^supports-color$/, contents: 'module.exports = {};' },
  // Only its decoder is used, and the index brings the tables of its encoder along.
  {
    from: /[\\/]markdown-it[\\/]/,
    module: /^entities$/,
    contents: `export { decodeHTML, decodeHTMLStrict } from 'entities/lib/decode.js';`,
  },
  // Bare addresses are not made into links (src/article/markdown-parser.ts); it compiles its patterns all the same.
  { from: /[\\/]markdown-it[\\/]/, module: /^linkify-it$/, contents: 'export default class LinkifyIt {}' },
];

/** @type {import('esbuild').Plugin} */
export const WITHOUT_UNUSED = {
  name: 'without-unused',
  setup({ initialOptions, onLoad, onResolve }) {
    for (const [at, { from, module }] of LEFT_OUT.entries()) {
      onResolve({ filter: module }, ({ importer }) =>
        from.test(importer) ? { path: String(at), namespace: 'left-out' } : undefined,
      );
    }
    onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({
      contents: LEFT_OUT[Number(path)].contents,
      resolveDir: initialOptions.absWorkingDir,
    }));
  },
};
