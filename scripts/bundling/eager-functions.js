import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'acorn';

/**
 * Has V8 compile the functions of the file with `module` in it when that file is loaded for the first time, and keep them: what is
 * compiled when it is first called never comes into Node's compile cache, and is compiled anew by every process. Publishing one
 * article takes 10 to 16 ms less, with a cache of twice the size.
 *
 * @param {string} module a path, as esbuild names what goes into a file
 * @returns {import('esbuild').Plugin}
 */
export function eagerFunctions(module) {
  return {
    name: 'eager-functions',
    setup({ initialOptions, onEnd }) {
      initialOptions.metafile = true;
      onEnd(({ metafile }) => {
        const outputs = Object.entries(metafile?.outputs ?? {});
        for (const [path, { inputs }] of outputs) {
          if (!Object.hasOwn(inputs, module)) continue;
          const file = resolve(initialOptions.absWorkingDir, path);
          writeFileSync(file, withEagerFunctions(readFileSync(file, 'utf8')));
        }
      });
    },
  };
}

/**
 * The same module with its functions written as V8 compiles them at once: in parentheses. They are made before anything else runs, as
 * declared functions are. Methods and functions in functions stay as they are: there is no such way of writing them.
 */
export function withEagerFunctions(source) {
  const functions = [];
  const rest = [];
  let at = 0;
  const { body } = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  for (const { type, start, end, id } of body) {
    if (type !== 'FunctionDeclaration') continue;
    const unnamed = `${source.slice(start, id.start).trimEnd()}${source.slice(id.end, end)}`;
    functions.push(`${id.name}=(${unnamed})`);
    rest.push(source.slice(at, start));
    at = end;
  }
  if (functions.length === 0) return source;
  return `var ${functions.join(',')};${rest.join('')}${source.slice(at)}`;
}
