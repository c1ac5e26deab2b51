import { pathToFileURL } from 'node:url';

/**
 * The table of HTML's entities is made of a text, by an array of all its letters, at every start. Here it is the text's bytes.
 *
 * @type {import('esbuild').Plugin}
 */
export const READY_TABLES = {
  name: 'ready-tables',
  setup({ onLoad }) {
    onLoad(
      { filter: /[\\/]entities[\\/]lib[\\/]esm[\\/]generated[\\/]decode-data-\w+\.js$/ },
      async ({ path }) => {
        const { default: table } = await import(pathToFileURL(path));
        const text = Array.from(table, (unit) => String.fromCharCode(unit)).join('');
        return {
          contents: `const bytes = Buffer.from(${JSON.stringify(text)}, 'utf16le');
          export default /* @__PURE__ */ new Uint16Array(bytes.buffer, bytes.byteOffset, ${text.length});`,
        };
      },
    );
  },
};
