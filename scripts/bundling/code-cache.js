import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse } from 'acorn';
import { full } from 'acorn-walk';
import { analyze } from 'eslint-scope';

/** What a script is called with, by names that nothing bundled has. */
const PARAMETERS = ['__ovnImported', '__ovnMeta', '__ovnImport'];

/**
 * Makes the file with `module` in it a script, and in its place a module that loads it by `src/cli/code-cache.ts`: of a module V8's code
 * cache can't be had, and Node's holds none of the functions that are called after it was loaded. Publishing one article takes an
 * eighth less.
 *
 * @param {string} module a path, as esbuild names what goes into a file
 * @returns {import('esbuild').Plugin}
 */
export function codeCache(module) {
  return {
    name: 'code-cache',
    setup({ initialOptions, onEnd }) {
      initialOptions.metafile = true;
      onEnd(({ metafile }) => {
        const outputs = Object.entries(metafile?.outputs ?? {});
        for (const [path, { inputs }] of outputs) {
          if (!Object.hasOwn(inputs, module)) continue;
          const file = resolve(initialOptions.absWorkingDir, path);
          const script = file.replace(/\.js$/, '.script.js');
          const made = asScript(readFileSync(file, 'utf8'), basename(script));
          writeFileSync(script, made.script);
          writeFileSync(file, made.module);
        }
      });
    },
  };
}

/**
 * A module as a script, whose value is a function that takes what the module imports and gives what it exports, and the module that calls it.
 *
 * @param {string} source as esbuild bundles it: imports and exports by name, each on the level of the module
 * @param {string} name the script's file
 * @returns {{ script: string, module: string }}
 */
export function asScript(source, name) {
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'module', ranges: true });
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration');
  const exports = program.body.filter(({ type }) => type.startsWith('Export'));
  const exported = exports.flatMap(exportedBy);
  refuseChanging(program, exported);
  const script = scriptOf(source, { program, imports, exports, exported });
  const digest = createHash('sha256').update(script).digest('hex').slice(0, 32);
  return { script, module: moduleOf({ imports, exported, name, digest }) };
}

function exportedBy({ type, source, declaration, specifiers }) {
  if (type !== 'ExportNamedDeclaration' || source !== null || declaration !== null)
    throw new Error(`code-cache.js knows no ${type} but that of names`);
  return specifiers.map((each) => ({ local: each.local.name, name: nameOf(each.exported) }));
}

/** What is exported is read once, when all of it has run: what a function gives another value later would stay as it was. */
function refuseChanging(program, exported) {
  const { globalScope } = analyze(program, { ecmaVersion: 2024, sourceType: 'module' });
  const [module] = globalScope.childScopes;
  const writtenLater = (reference) => reference.isWrite() && reference.from.variableScope !== module;
  for (const { local } of exported)
    if (module.set.get(local).references.some(writtenLater))
      throw new Error(`code-cache.js can't export ${local}: a function changes its value`);
}

const nameOf = ({ name, value }) => name ?? value;

/** Imports become variables that are filled once, and what imports or exports them reads them once. */
function scriptOf(source, { program, imports, exports, exported }) {
  const [imported, meta, importing] = PARAMETERS;
  const edits = [...imports, ...exports].map(({ start, end }) => ({ start, end, text: '' }));
  full(program, ({ type, start, end, regex, raw, meta: of }) => {
    if (type === 'ImportExpression') edits.push({ start, end: start + 'import'.length, text: importing });
    else if (type === 'MetaProperty' && of.name === 'import') edits.push({ start, end, text: meta });
    else if (regex !== undefined) edits.push({ start, end, text: escaped(raw) });
  });
  const head = imports.map(({ specifiers }, index) => bindingsOf(specifiers, `${imported}[${index}]`));
  const tail = exported.map(({ local, name }) => `${JSON.stringify(name)}:${local}`);
  const body = edited(source, edits);
  const script = `(function(${PARAMETERS}){"use strict";${head.join('')}${body};return{${tail}}})`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what ASCII is.
  const other = /[^\x00-\x7f].*/.exec(script);
  if (other !== null) throw new Error(`code-cache.js finds what is not ASCII: ${other[0].slice(0, 40)}`);
  return script;
}

/** A regular expression means the same with its characters written as escapes, of UTF-16 as well. */
const escaped = (pattern) =>
  pattern.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

function bindingsOf(specifiers, from) {
  return specifiers
    .map(({ type, imported, local }) => {
      if (type === 'ImportNamespaceSpecifier') return `var ${local.name}=${from};`;
      const name = type === 'ImportDefaultSpecifier' ? 'default' : nameOf(imported);
      return `var ${local.name}=${from}[${JSON.stringify(name)}];`;
    })
    .join('');
}

function moduleOf({ imports, exported, name, digest }) {
  const from = imports.map(({ source }, index) => `import*as i${index} from${source.raw};`);
  const names = exported.map((each, index) => `e${index} as ${JSON.stringify(each.name)}`);
  return [
    ...from,
    'import{loadScript}from"./code-cache.js";',
    `const x=loadScript(new URL(${JSON.stringify(`./${name}`)},import.meta.url),"${digest}")`,
    `([${imports.map((_, index) => `i${index}`)}],import.meta,(path)=>import(path));`,
    ...exported.map((each, index) => `const e${index}=x[${JSON.stringify(each.name)}];`),
    `export{${names}};`,
  ].join('');
}

function edited(source, edits) {
  let text = '';
  let at = 0;
  for (const { start, end, text: instead } of edits.sort((a, b) => a.start - b.start)) {
    text += source.slice(at, start) + instead;
    at = end;
  }
  return text + source.slice(at);
}
