import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ninjsSchema } from '../helpers/ninjs-schema.ts';
import { runOvn } from '../helpers/program.ts';
import { hasVectors } from '../helpers/vectors.ts';
import { blocksOf, CLOCK, makeIn, openIn, publishIn, readJson, sharedFolder, sourceOf } from './support.ts';

interface Item {
  title: string;
  pubStatus: string;
  version: string;
  subjects: { uri?: string }[];
}

describe('what a paper says to machines', () => {
  const folder = sharedFolder();

  it('exports articles as ninjs, with the topics of ovn.json, one by itself and several as a list', async () => {
    const dir = await makeIn(folder, {
      'first-light.md': sourceOf(),
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['World'] }),
    });
    const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8'));
    const categories = { science: { name: 'Science', topic: 'medtop:13000000' } };
    writeFileSync(join(dir, 'ovn.json'), JSON.stringify({ ...settings, categories }));
    await publishIn(dir);
    const run = (...args: string[]) =>
      runOvn(['export', '--format', 'ninjs', ...args], { cwd: dir, env: CLOCK });
    const retracted = await runOvn(['retract', 'harbour', '--text', 'It was another harbour.'], {
      cwd: dir,
      env: CLOCK,
    });
    expect(retracted.code, retracted.stderr).toBe(0);
    await publishIn(dir);

    const one = readJson<Item>(await run('first-light'));
    expect(one).toMatchObject({ title: 'First light', pubStatus: 'usable', version: '1' });
    expect(one.subjects.map(({ uri }) => uri)).toContain('http://cv.iptc.org/newscodes/mediatopic/13000000');

    const all = readJson<Item[]>(await run());
    expect(all.map(({ title, pubStatus, version }) => [title, pubStatus, version])).toEqual([
      ['First light', 'usable', '1'],
      ['Harbour', 'canceled', '2'],
    ]);
    if (hasVectors) {
      const validate = ninjsSchema();
      expect(all.filter((item) => validate(item))).toHaveLength(2);
    }
    expect(readJson<Item[]>(await run('world')).map(({ title }) => title)).toEqual(['Harbour']);

    const report = readJson(await run('harbour', 'first-light', '-o', 'items.json', '--json'));
    expect(report).toEqual({ format: 'ninjs', articles: 2, output: 'items.json' });
    const written: Item[] = JSON.parse(readFileSync(join(dir, 'items.json'), 'utf8'));
    expect(written.map(({ title }) => title)).toEqual(['Harbour', 'First light']);
  });

  it('has sitemaps and trust.txt where ovn.json says so, and verifies with them', async () => {
    const dir = await makeIn(folder, { 'first-light.md': sourceOf() });
    const settings = JSON.parse(readFileSync(join(dir, 'ovn.json'), 'utf8'));
    const trust = { belongto: ['https://press.example/'], datatrainingallowed: 'no' };
    writeFileSync(
      join(dir, 'ovn.json'),
      JSON.stringify({ ...settings, url: 'https://paper.example', trust }),
    );
    const { edition, publication } = await publishIn(dir);
    const verified = await runOvn(['verify', '--json'], { cwd: dir, env: CLOCK });
    expect(JSON.parse(verified.stdout)).toMatchObject({ ok: true, verdict: 'current' });
    await using held = await openIn(dir);
    const { blocks } = await blocksOf(edition, held.read);
    const texts = Array.from(blocks.values(), ({ bytes }) => Buffer.from(bytes).toString('utf8'));
    expect(texts).toContain(
      `# Publication ${publication}\nbelongto=https://press.example/\ndatatrainingallowed=no\n`,
    );
    for (const part of ['</sitemapindex>', '</urlset>', '<link rel="self" type="application/atom+xml"'])
      expect(
        texts.some((text) => text.includes(part)),
        part,
      ).toBe(true);
  });
});
