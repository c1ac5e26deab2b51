import { describe, expect, it } from 'vitest';
import { withEagerFunctions } from '../../scripts/bundling/eager-functions.js';

/** What the module gives for `result`. */
async function resultOf(source: string): Promise<unknown> {
  const module = await import(`data:text/javascript,${encodeURIComponent(source)}`);
  return module.result;
}

describe('functions that are compiled with their file', () => {
  it('stand in parentheses, before all that calls them', async () => {
    const source = 'export const result=twice(2)+one();function twice(n){return n*2}function one(){return 1}';
    const eager = withEagerFunctions(source);
    expect(eager).toBe(
      'var twice=(function(n){return n*2}),one=(function(){return 1});export const result=twice(2)+one();',
    );
    expect(await resultOf(eager)).toBe(5);
  });

  it('stay what they are: asynchronous, generators, named', async () => {
    const source = `export{result};async function later(){return 1}function*two(){yield 1;yield 2}
      async function*both(){yield await later();yield*two()}
      const all=[];for await(const each of both())all.push(each);const result=[later.name,...all];`;
    expect(await resultOf(withEagerFunctions(source))).toEqual(['later', 1, 1, 2]);
  });

  it('are no text of a template, no method and no expression', () => {
    const source = 'const text=`\nfunction a(){}\n`,b={c(){}},d=function(){function e(){}};class f{g(){}}';
    expect(withEagerFunctions(source)).toBe(source);
  });
});
