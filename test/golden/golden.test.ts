import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildEdition } from '../../src/edition/build-edition.ts';
import { bundlePages } from '../../src/edition/bundle-page.ts';
import { linkOf } from '../../src/edition/change.ts';
import { readMastheads } from '../../src/trust/masthead-chain.ts';
import { aboutPublication } from '../../src/workflows/publishing/about.ts';
import type { PublishReport } from '../../src/workflows/publishing/report.ts';
import { goldenRepository, GOLDEN_NOW as now } from '../helpers/golden.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { Newsroom } from '../helpers/newsroom.ts';
import { PROJECT } from '../helpers/program.ts';

/** Path of a Node 26; where it is not set, the test on it is skipped. */
const NODE_26 = process.env['OVN_NODE26'] ?? '';

if (NODE_26 === '') console.warn('OVN_NODE26 names no Node 26: the golden CIDs are not tested on it');

/** What depends on the articles alone, not on how many editions it took. */
function contentOf({ publication, articles, categories }: PublishReport) {
  return {
    publication,
    articles: Object.fromEntries(articles.map(({ id, cid }) => [id, cid])),
    categories: Object.fromEntries(Object.entries(categories).map(([slug, { cid }]) => [slug, cid])),
  };
}

/** All that the golden file holds. */
function goldenOf(report: PublishReport): string {
  const { edition, manifest } = report;
  return `${JSON.stringify({ ...contentOf(report), edition, manifest }, undefined, 2)}\n`;
}

async function publishSamples(): Promise<{ newsroom: Newsroom; report: PublishReport }> {
  const newsroom = new Newsroom(await goldenRepository());
  return { newsroom, report: await newsroom.publish({ now }) };
}

/** Publishes the samples by the built program, in a process of its own. */
async function publishByProgram(node: string, env: Record<string, string>): Promise<PublishReport> {
  const { status, stdout, stderr } = spawnSync(node, [join(PROJECT, 'bin', 'ovn.js'), 'publish', '--json'], {
    cwd: await goldenRepository(),
    env: { SOURCE_DATE_EPOCH: String(now.getTime() / 1000), ...env },
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`exit code ${status}: ${stderr}`);
  return JSON.parse(stdout) as PublishReport;
}

describe('the CIDs of the samples, under the test keys', () => {
  it('are what they always were', async () => {
    const { report } = await publishSamples();
    expect(report.articles.filter(({ status }) => status === 'published').length).toBeGreaterThanOrEqual(8);
    expect(Object.keys(report.categories).length).toBeGreaterThanOrEqual(5);
    await expect(goldenOf(report)).toMatchFileSnapshot('samples.json');
  });

  it('are the same when the articles are published one by one, the last first', async () => {
    const { report } = await publishSamples();
    const slowly = new Newsroom(await goldenRepository());
    for (const { source } of report.articles.toReversed()) await slowly.publish({ paths: [source], now });
    const last = await slowly.publish({ now });
    expect(last).toMatchObject({ status: 'unchanged', sequence: report.articles.length });
    expect(contentOf(last)).toEqual(contentOf(report));
  });

  it('are the same when the trees are made again from the stored bundles', async () => {
    const { newsroom, report } = await publishSamples();
    const trees = await newsroom.use(async ({ repository, node }) => {
      const { name, tagline, language } = repository.settings;
      const previous = await buildEdition(
        {
          publication: { id: repository.publicationId, name, tagline, language },
          changes: repository.articles.list().map((entry) => ({ entry, link: linkOf(entry) })),
          bundlePage: bundlePages(node.read),
          archive: repository.articles.archive(),
          masthead: await newsroom.link(report.edition, 'masthead'),
          style: await newsroom.link(report.edition, 'style.css'),
          about: aboutPublication(
            repository.settings,
            readMastheads(repository.mastheads().map(({ bytes }) => bytes)),
          ),
        },
        node.read,
        new MemoryBlocks().sink,
      );
      return previous;
    });
    for (const { name, cid, size } of trees.entries) {
      expect({ name, cid, size }).toEqual({ name, ...(await newsroom.link(report.edition, name)) });
    }
    expect(trees.entries.map(({ name }) => name)).toContain('categories');
  });

  it('are the same edition whenever the same steps are taken at the same time', async () => {
    const reports: PublishReport[][] = [];
    for (let round = 0; round < 2; round++) {
      const newsroom = new Newsroom(await goldenRepository());
      const first = await newsroom.publish({ paths: ['articles/2025-07-07-first-light.md'], now });
      reports.push([first, await newsroom.publish({ now: new Date(now.getTime() + 60_000) })]);
    }
    expect(reports[0]).toEqual(reports[1]);
    expect(reports[0]?.map(({ sequence }) => sequence)).toEqual([1, 2]);
  });

  it.each([
    ['a zone off the hour', { TZ: 'Asia/Kathmandu' }],
    ['Turkish', { LANG: 'tr_TR', LC_ALL: 'tr_TR.UTF-8' }],
    ['both', { TZ: 'Asia/Kathmandu', LANG: 'tr_TR', LC_ALL: 'tr_TR.UTF-8' }],
  ])('are the same in %s', async (_, env) => {
    const report = await publishByProgram(process.execPath, env);
    await expect(goldenOf(report)).toMatchFileSnapshot('samples.json');
  });

  it.skipIf(NODE_26 === '')('are the same on Node 26', async () => {
    const { stdout } = spawnSync(NODE_26, ['--version'], { encoding: 'utf8' });
    expect(stdout).toMatch(/^v26\./);
    await expect(goldenOf(await publishByProgram(NODE_26, {}))).toMatchFileSnapshot('samples.json');
  });
});
