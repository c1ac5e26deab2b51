import { isBuiltin } from 'node:module';

/** What few commands ever use, and some imports load: here the first call does. */
const LATER = new Set(['node:dns/promises', 'node:v8', 'node:worker_threads', 'node:zlib']);

/**
 * Node fills in every export of a builtin that is imported, also those that it would make when they are first asked for: WebCrypto,
 * the streams of files, standard input. That costs every command 7 ms. What `process.getBuiltinModule` gives leaves them alone.
 *
 * @type {import('esbuild').Plugin}
 */
export const PLAIN_BUILTINS = {
  name: 'plain-builtins',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^[a-z]/ }, ({ kind, path }) =>
      kind === 'import-statement' && isBuiltin(moduleOf(path))
        ? { path: path.replace(/^(?!node:)/, 'node:'), namespace: 'builtin', sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'builtin' }, ({ path }) => ({ contents: sourceOf(path) }));
  },
};

/** `node:crypto#webcrypto` is one member of a module. */
const moduleOf = (path) => path.split('#', 1)[0];

function sourceOf(path) {
  const builtin = `process.getBuiltinModule('${moduleOf(path)}')`;
  if (path.includes('#')) {
    const name = path.split('#')[1];
    return `export const ${name} = /* @__PURE__ */ (() => ${builtin}.${name})();`;
  }
  if (LATER.has(path)) return laterSourceOf(path);
  const members = Object.entries(Object.getOwnPropertyDescriptors(process.getBuiltinModule(path)));
  const exports = members.map(([name, { get }]) =>
    get === undefined
      ? `export const ${name} = /* @__PURE__ */ (() => builtin.${name})();`
      : `export { ${name} } from '${path}#${name}';`,
  );
  return [`const builtin = /* @__PURE__ */ ${builtin};`, 'export default builtin;', ...exports].join('\n');
}

/** Functions that load their module when they are called. A class of it can be made, and is not to be extended or asked for by `instanceof`. */
function laterSourceOf(path) {
  const builtin = `process.getBuiltinModule('${path}')`;
  const exports = Object.entries(process.getBuiltinModule(path)).map(([name, member]) =>
    typeof member === 'function'
      ? `export const ${name} = /* @__PURE__ */ later('${name}');`
      : `export const ${name} = /* @__PURE__ */ (() => ${builtin}.${name})();`,
  );
  return [
    `const later = (name) => function (...args) {
      const member = ${builtin}[name];
      return new.target === undefined ? member(...args) : new member(...args);
    };`,
    `export default /* @__PURE__ */ (() => ${builtin})();`,
    ...exports,
  ].join('\n');
}
