import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { asScript } from '../../scripts/bundling/code-cache.js';
import { temporaryFolder } from '../helpers/folder.ts';

/** In place of the real one: it needs no cache. */
const LOADER = `
  import { readFileSync } from 'node:fs';
  import { runInThisContext } from 'node:vm';
  export const loadScript = (file) => runInThisContext(readFileSync(file, 'latin1'));
`;

/** A module that loads its script, in a folder with others. */
function write(source: string, beside: Record<string, string> = {}): string {
  const folder = temporaryFolder();
  const { script, module } = asScript(source, 'part.script.js');
  const files = { ...beside, 'part.script.js': script, 'part.mjs': module, 'code-cache.js': LOADER };
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return join(folder, 'part.mjs');
}

/** What a module exports once it is a script. */
async function exportsOf(
  source: string,
  beside?: Record<string, string>,
  // biome-ignore lint/suspicious/noExplicitAny: it is whatever the test says.
): Promise<Record<string, any>> {
  return { ...(await import(pathToFileURL(write(source, beside)).href)) };
}

describe('a module as a script', () => {
  it('exports what it did, also by names that are words of the language', async () => {
    const source = 'const a=1;function b(){return a+c.d}class c{static d=2}export{a,b as if,c as default};';
    const { a, if: b, default: c } = await exportsOf(source);
    expect([a, b(), c.d]).toEqual([1, 3, 2]);
  });

  it('is given what it imports: by name, as a whole, by default, and for its effect alone', async () => {
    const other = 'export const one=1,two=2;export default 3;globalThis.codeCacheEffect=4;';
    const source = `import three,{one as first}from"./other.js";import*as all from"./other.js";import"./other.js";
      const sum=first+all.two+three+globalThis.codeCacheEffect;export{sum};`;
    expect(await exportsOf(source, { 'other.js': other })).toEqual({ sum: 10 });
  });

  // In a process of its own: Vitest has an `import()` of its own as well.
  it('imports later, and knows where it lies', () => {
    const source = `const place=new URL("./x.txt",import.meta.url).href;
      function print(){return import("./other.js").then(({one})=>console.log(one,place))}print();export{place};`;
    const file = write(source, { 'other.js': 'export const one=1' });
    const printed = execFileSync(process.execPath, [file], { encoding: 'utf8' });
    expect(printed).toBe(`1 ${pathToFileURL(join(dirname(file), 'x.txt'))}\n`);
  });

  it('is ASCII, and its patterns find what they found', async () => {
    const source =
      'const f=(t)=>[/ẞ[了-什]?/.exec(t)?.[0],/[😀-😂]$/u.exec(t)?.[0],/(?<ä>x)/.exec(t)?.groups["\\xe4"]];export{f};';
    expect(asScript(source, 'x').script).toMatch(/^[ -~]+$/);
    const { f } = await exportsOf(source);
    expect(f('xẞ什😁')).toEqual(['ẞ什', '😁', 'x']);
    expect(() => asScript('const a=String.raw`ä`;export{a};', 'x')).toThrow('not ASCII: \u00e4');
  });

  it('is strict, and without a value of `this`', async () => {
    const source = 'const a=this===undefined,b=(function(){return this===undefined})();export{a,b};';
    expect(await exportsOf(source)).toEqual({ a: true, b: true });
  });

  it('exports nothing that a function changes afterwards', async () => {
    const made = 'var kind;(function(e){e.one="1"})(kind||(kind={}));export{kind};';
    expect(await exportsOf(made)).toEqual({ kind: { one: '1' } });
    const shadowed = 'var n=0;function f(n){n=1;return n}export{n,f};';
    expect(await exportsOf(shadowed)).toMatchObject({ n: 0 });
    for (const change of ['n=1', 'n++', '({n}={n:1})', 'for(n of[1]);'])
      expect(() => asScript(`var n=0;function f(){${change}}export{n,f};`, 'x')).toThrow("can't export n");
  });

  it('is called by its text, and by nothing else', () => {
    const [one, same, other] = ['1', '1', '2'].map((n) => asScript(`const a=${n};export{a};`, 'x').module);
    expect(one).toBe(same);
    expect(one).not.toBe(other);
    expect(() => asScript('export*from"./other.js";', 'x')).toThrow('ExportAllDeclaration');
  });
});
