import { hash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { image } from '../helpers/images.ts';
import { source } from '../helpers/newsroom.ts';
import { makeRepository } from '../helpers/program.ts';
import { tracesIn } from '../helpers/traces.ts';

const UNTIL = '2100-01-01T00:00:00Z';
const DAY = 'articles/2026/01/05';

/** A digest of every file below a folder, with their names. */
function treeHash(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort();
  return files.map((file) => `${file} ${hash('sha256', readFileSync(file))}`).join('\n');
}

/** The events of a stream, as they come. */
async function* eventsOf(url: string, signal: AbortSignal): AsyncGenerator<string> {
  const { body, headers } = await fetch(url, { signal });
  if (body === null || headers.get('content-type') !== 'text/event-stream') throw new Error('no events');
  let text = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream())) {
    text += piece;
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      yield text.slice('data: '.length, end);
      text = text.slice(end + 2);
    }
  }
}

describe('preview', () => {
  it('shows what would be published and what is held back, reloads, and writes nothing', async () => {
    await using repository = await makeRepository({ articles: { 'a.md': source({ slug: 'a' }) } });
    const { dir } = repository;
    expect((await repository.run(['publish'])).code).toBe(0);
    rmSync(join(dir, '.ovn/keys'), { recursive: true });
    const write = (name: string, text: string | Uint8Array) =>
      writeFileSync(join(dir, 'articles', name), text);
    const [before, names] = [treeHash(join(dir, '.ovn')), readdirSync(dir)];
    await using running = repository.start(['preview', '--port', '0', '--json']);
    const { url } = JSON.parse(await running.readLine()) as { url: string };
    const get = async (path: string) => (await fetch(new URL(path, url))).text();
    const ending = new AbortController();
    const events = eventsOf(new URL('.preview/events', url).href, ending.signal);
    const next = async () => (await events.next()).value;
    const first = await next();

    const front = await fetch(url);
    expect(front.headers.get('cache-control')).toBe('no-store');
    expect(front.headers.get('content-security-policy')).toMatch(/script-src 'self'.*connect-src 'self'/);
    const html = await front.text();
    const root = front.headers.get('x-ipfs-roots');
    for (const path of ['', `ipfs/${root}/`, '.preview/events', '.preview/preview.css', 'nowhere']) {
      const { headers, body } = await fetch(new URL(path, url), {
        headers: { origin: 'https://evil.example' },
      });
      await body?.cancel();
      const said = ['access-control-allow-origin', 'cross-origin-resource-policy'].map((name) =>
        headers.get(name),
      );
      expect([path, ...said]).toEqual([path, null, 'same-origin']);
    }
    expect(html).toContain(`data-generation="${first}"`);
    expect(html).toContain(`href="${DAY}/a`);
    expect(await get('.preview/preview.js')).toContain('EventSource');

    write('p.png', image('graphic.png'));
    write('b.md', source({ slug: 'b', title: 'Wombat', publishAt: UNTIL, image: 'p.png', imageAlt: 'x' }));
    write('c.md', source({ slug: 'c', title: 'Zarquon', draft: 'true' }));
    const second = await next();
    expect(second).not.toBe(first);
    const listed = await get('');
    expect(listed).toMatch(/Wombat<\/a> <strong[^>]*>Embargoed until 2100-01-01 00:00:00 UTC</);
    expect(listed).toMatch(/Zarquon<\/a> <strong[^>]*>Draft</);
    const article = await get(`${DAY}/b/`);
    expect(article).toMatch(/<aside class="ovn-preview".*Embargoed until.*<\/aside>/s);
    const [, picture = ''] = /src="(media\/[^"]+)"/.exec(article) ?? [];
    expect((await fetch(new URL(`${DAY}/b/${picture}`, url))).headers.get('content-type')).toBe('image/png');

    write('c.md', source({ slug: 'c', title: 'Zarquon', date: '5.1.2026' }));
    await next();
    const bad = await get(`${DAY}/c/`);
    expect(bad).toMatch(/<li>articles\/c\.md:3: date: expected/);
    expect(bad).toContain('Zarquon</h1>');
    write('c.md', source({ slug: 'c', title: 'Mended' }));
    await next();
    const mended = await get(`${DAY}/c/`);
    expect(mended).toContain('Mended</h1>');
    expect(mended).not.toContain('ovn-preview-mark');

    ending.abort();
    running.process.kill('SIGINT');
    const { code, stderr } = await running.ended;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/articles\/c\.md:3: error: date/)]);
    expect(treeHash(join(dir, '.ovn'))).toBe(before);
    expect(readdirSync(dir)).toEqual(names);
    expect(tracesIn([join(dir, '.ovn')], dir, { headline: 'Wombat', draft: 'Zarquon' })).toEqual([]);
  });
});
