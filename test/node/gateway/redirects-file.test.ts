import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedNames, matchRedirect, parseRedirects } from '../../../src/node/gateway/redirects-file.ts';

const FILE = `
# a comment
/redirect-one /one.html
/301-redirect-one\t/one.html   301\r
/302-redirect-two /two.html 302
/200-index /index.html 200
/posts/:year/:month/:day/:title /articles/:year/:month/:day/:title 301
/swap/:a/:ab /:ab/:a/:unknown 307
/away/* https://news.example:8080/:splat 308
/splat/* /redirected-splat/:splat 301
/caf%C3%A9 /coffee
/not-found/* /404.html 404
/* /index.html 200
`;

describe('_redirects', () => {
  const rules = parseRedirects(FILE);

  it.each([
    ['/redirect-one', '/one.html', 301],
    ['/301-redirect-one', '/one.html', 301],
    ['/302-redirect-two', '/two.html', 302],
    ['/200-index', '/index.html', 200],
    ['/posts/2022/01/01/hello-world', '/articles/2022/01/01/hello-world', 301],
    ['/swap/1/2', '/2/1/:unknown', 307],
    ['/away/a/b', 'https://news.example:8080/a/b', 308],
    ['/splat/one.html', '/redirected-splat/one.html', 301],
    ['/splat', '/redirected-splat/', 301],
    ['/café', '/coffee', 301],
    ['/not-found/a/b/c', '/404.html', 404],
    ['/posts/2022/01/01', '/index.html', 200],
    ['/', '/index.html', 200],
  ])('leads %s to %s (%i)', (path, to, status) => {
    expect(matchRedirect(rules, decodedNames(path))).toEqual({ to, status });
  });

  it('leads nowhere without a rule', () => {
    expect(matchRedirect(parseRedirects('/a /b'), ['c'])).toBeUndefined();
    expect(matchRedirect(parseRedirects(''), [])).toBeUndefined();
  });

  it.each([
    ['/a /b 301!', 1],
    ['/a /b 300', 1],
    ['/a', 1],
    ['\n/a /b 301 Country=x', 2],
    ['a /b', 1],
    ['/a?x=1 /b', 1],
    ['/*/a /b', 1],
    ['/a* /b', 1],
    ['/a https://news.example/ 200', 1],
    ['/a javascript:alert(1)', 1],
    ['/a //evil.example 200', undefined],
  ])('refuses %j in line %s', (text, line) => {
    if (line === undefined) expect(parseRedirects(text)).toHaveLength(1);
    else expect(() => parseRedirects(text)).toThrow(new RegExp(`^line ${line}: `));
  });

  it('puts names into an address only encoded', () => {
    const [rule] = parseRedirects('/* /:splat');
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, unit: 'grapheme' }), { minLength: 1 }), (names) => {
        const to = matchRedirect(rule === undefined ? [] : [rule], names)?.to ?? '';
        expect(to).toMatch(/^\/[\x21-\x7e]*$/);
        expect(new URL(to, 'http://paper.example').host).toBe('paper.example');
        expect(to.slice(1).split('/').map(decodeURIComponent)).toEqual(names);
      }),
    );
  });
});
