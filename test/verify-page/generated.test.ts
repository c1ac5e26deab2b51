import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERIFY_CSS } from '../../src/edition/verify-css.ts';
import { VERIFY_HTML } from '../../src/edition/verify-html.ts';
import { VERIFY_JS } from '../../src/edition/verify-js.generated.ts';
import { invalid } from '../helpers/html-validity.ts';
import { PROJECT } from '../helpers/program.ts';

describe('what editions hold as verify.html, verify.css and verify.js', () => {
  it('is what scripts/page-scripts.js makes of src/verify-page', async () => {
    const { generate } = (await import('../../scripts/page-scripts.js')) as {
      generate(page: string): Promise<string>;
    };
    const committed = readFileSync(join(PROJECT, 'src/edition/verify-js.generated.ts'), 'utf8');
    expect(committed === (await generate('verify')), 'node scripts/page-scripts.js makes it anew').toBe(true);
  });

  it('is valid, without inline script or style, and asks for nothing but its own files', () => {
    expect(invalid(VERIFY_HTML)).toEqual([]);
    expect(VERIFY_HTML).not.toMatch(
      /<script(?! src="verify\.js" defer><\/script>)|<style| style=| on[a-z]+=/,
    );
    const targets = [...VERIFY_HTML.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, target]) => target);
    expect(targets).toEqual(['style.css', 'verify.css', 'verify.js']);
    expect(VERIFY_CSS).not.toMatch(/url\(|@import/);
  });

  it('never makes HTML or code out of text', () => {
    expect(VERIFY_JS).not.toMatch(
      /innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|import\(/,
    );
  });

  it('has the one policy that ovn serve gives it too', async () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(VERIFY_HTML) ?? [];
    const served = readFileSync(join(PROJECT, 'src/node/gateway/page-policy.ts'), 'utf8');
    expect(served).toContain(`${policy.replace("; base-uri 'none'; form-action 'none'", '')}; base-uri`);
  });
});
