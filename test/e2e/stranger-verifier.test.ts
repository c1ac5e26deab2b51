import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { ATTACKS, LIGHT, type Paper, publishPaper } from '../verify-page/attacks.ts';
import { blocksOf, carOf, sharedFolder } from './support.ts';

/** The program that was made from docs/format.md alone. */
const PROGRAM = new URL('../../docs/examples/verify.js', import.meta.url).pathname;
/** What it says that it leaves out. */
const LEFT_OUT =
  /category|a page among the dates|a(?:n empty)? day among the dates|earlier revisions|a tile that is not of the log|folders? .*in the log/;

describe('a verifier that was written from the document', () => {
  const folder = sharedFolder();
  let paper: Paper;
  const read: BlockReader = async (cid) =>
    (await paper.forger.held.read(cid)) ?? (await paper.other.forger.held.read(cid));

  beforeAll(async () => {
    paper = await publishPaper(folder);
  });

  async function judge(root: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
    const { blocks } = await blocksOf(root, read);
    writeFileSync(join(folder, 'x.car'), carOf([CID.parse(root)], blocks.values()));
    const ran = spawnSync(process.execPath, [PROGRAM, join(folder, 'x.car'), ...args], { encoding: 'utf8' });
    return { code: ran.status, said: ran.stdout + ran.stderr };
  }

  it('is short, and imports nothing but Node', () => {
    const text = readFileSync(PROGRAM, 'utf8');
    expect(text.split('\n').length).toBeLessThanOrEqual(200);
    const imports = [...text.matchAll(/^import .* from '(.*)';$/gm)].map(([, from]) => from);
    expect(imports.every((from) => from?.startsWith('node:'))).toBe(true);
  });

  it('accepts a good edition and a good article', async () => {
    const edition = `${paper.forger.edition}`;
    expect(await judge(edition, paper.publication)).toMatchObject({ code: 0 });
    const { cid } = await paper.forger.link(`articles/${LIGHT}`);
    expect((await judge(`${cid}`, paper.publication)).said).toContain(`genuine: ${LIGHT}`);
    expect(await judge(edition, paper.other.publication)).toMatchObject({ code: 4 });
  });

  it.each(ATTACKS.filter(({ name }) => !LEFT_OUT.test(name)))('refuses $name', async (attack) => {
    const { code, said } = await judge(await attack.root(paper), paper.publication);
    expect(said).toMatch(/^refused: .+\n$/);
    expect(code).toBe(4);
  });
});
