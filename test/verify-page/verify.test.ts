import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { readCar } from '../../src/node/car.ts';
import type { FetchBytes } from '../../src/verify-page/fetch-bytes.ts';
import type { Question } from '../../src/verify-page/question.ts';
import { sharedFolder } from '../e2e/support.ts';
import { Forger, makeMasthead, mastheadEntry, openNewsroom } from '../helpers/forger.ts';
import { MemoryBlocks } from '../helpers/memory-blocks.ts';
import { NOW, source } from '../helpers/newsroom.ts';
import { ATTACKS, FERRY, LIGHT, type Paper, publishPaper, whatOf } from './attacks.ts';
import { ask as askThrough, fetchOf, GATEWAY, hostingOf, type PageAnswer } from './support.ts';

const ADDRESS = `${GATEWAY}/verify.html`;
const folder = sharedFolder();
let paper: Paper;

function ask(from: MemoryBlocks | FetchBytes, ...rest: [string, Partial<Question>, Date]) {
  return askThrough(typeof from === 'function' ? from : fetchOf(from.blocks), ...rest);
}

beforeAll(async () => {
  paper = await publishPaper(folder);
});

describe('an edition that nobody changed', () => {
  const whats = [
    '',
    LIGHT,
    `articles/${FERRY}`,
    'categories/science',
    `categories/world/${FERRY}`,
    `revisions/${LIGHT}/1`,
  ];

  it.each(whats)('is green with its id: "%s"', async (what) => {
    const { publication: id, forger } = paper;
    const answer = await ask(forger.held, ADDRESS, { id, what, root: `${forger.edition}` }, NOW);
    expect(answer).toMatchObject({ colour: 'green', failed: undefined, missed: undefined });
  });

  it('is never green without its id', async () => {
    const { forger, publication } = paper;
    const answer = await ask(forger.held, ADDRESS, { root: `${forger.edition}` }, NOW);
    expect(answer).toMatchObject({ colour: 'amber', failed: undefined });
    expect(answer.detail).toContain(publication);
  });

  it('is amber when it has expired, and says until when it was confirmed', async () => {
    const { forger, publication: id } = paper;
    const later = new Date('2026-06-01T00:00:00Z');
    const answer = await ask(forger.held, ADDRESS, { id, root: `${forger.edition}` }, later);
    expect(answer).toMatchObject({ colour: 'amber', failed: undefined });
    expect(answer.detail).toContain('2026-02-09');
  });
});

describe('an attack', () => {
  it.each(ATTACKS)('is red: $name', async (attack) => {
    const root = await attack.root(paper);
    const held = attack.check === 'publication-confirmed' ? paper.other.forger.held : paper.forger.held;
    const answer = await ask(held, ADDRESS, { id: paper.publication, what: whatOf(attack), root }, NOW);
    expect(answer.colour, answer.lines.join('\n')).toBe('red');
    expect(answer.failed, answer.lines.join('\n')).toBe(attack.check);
  });
});

describe('what is not part of an edition that is at hand', () => {
  it('is green as a bundle or a category alone, and in no list', async () => {
    const { publication: id, forger } = paper;
    for (const path of [`articles/${LIGHT}`, 'categories/science']) {
      const root = `${(await forger.link(path)).cid}`;
      const answer = await ask(forger.held, ADDRESS, { id, root }, NOW);
      expect(answer, path).toMatchObject({ colour: 'green', failed: undefined, missed: undefined });
      expect(answer.lines.join('\n')).toContain('not-checked listed');
      expect((await ask(forger.held, ADDRESS, { id, what: `/ipfs/${root}/` }, NOW)).colour).toBe('green');
    }
  });

  it.each([
    ['an article that never was', '2026/01/05/nothing'],
    ['a revision that never was', `revisions/${LIGHT}/9`],
    ['a category that never was', 'categories/nothing'],
    ['no path at all', 'nothing'],
  ])('is amber, and no falsehood: %s', async (_, what) => {
    const { publication: id, forger } = paper;
    const answer = await ask(forger.held, ADDRESS, { id, what, root: `${forger.edition}` }, NOW);
    expect(answer, answer.lines.join('\n')).toMatchObject({ colour: 'amber', failed: undefined });
  });

  it.each([
    [{ root: 'bafy' }, 'no CID'],
    [{ gateway: 'nowhere', root: 'x' }, 'no address of a gateway'],
    [{ gateway: 'https://gateway.example' }, 'give the CID'],
  ])('is asked for: %o', async (question, said) => {
    const answer = await ask(paper.forger.held, ADDRESS, question, NOW);
    expect(answer).toMatchObject({ colour: 'amber', failed: undefined });
    expect(answer.detail).toContain(said);
  });

  it('is red when the log has it, and the edition dropped it', async () => {
    const { publication: id, forger } = paper;
    const root = await forger.forgeSigned((tree) => tree.remove(['articles', ...FERRY.split('/')]));
    const answer = await ask(forger.held, ADDRESS, { id, what: FERRY, root }, NOW);
    expect(answer).toMatchObject({ colour: 'red', failed: 'article' });
  });
});

describe('a desk key that was revoked', () => {
  /** The edition, in which the desk key is revoked from some entry on. */
  async function revokedFrom(fromEntry: number): Promise<string> {
    const { forger } = paper;
    const second = makeMasthead('Harbour Post', 2, ['new desk'], { name: 'desk', fromEntry });
    return forger.forgeSigned(async (tree) => tree.set(['masthead', '2.json'], await forger.file(second)), {
      log: (entries) => [...entries, mastheadEntry(2, second)],
    });
  }

  it('counts for nothing from there on: the article is red, and the edition names it', async () => {
    const { publication: id, forger } = paper;
    const root = await revokedFrom(1);
    const article = await ask(forger.held, ADDRESS, { id, root, what: LIGHT }, NOW);
    expect(article).toMatchObject({ colour: 'red', failed: 'key-authorised' });
    expect(article.detail).toContain('since revoked, and disowned');
    const edition = await ask(forger.held, ADDRESS, { id, root }, NOW);
    expect(edition, edition.lines.join('\n')).toMatchObject({ failed: undefined, missed: undefined });
    expect(edition.lines.join('\n')).toMatch(/not-checked log-keys: .*disowned: .*2026\/01\/05\/light/);
  });

  it('counts before', async () => {
    const { publication: id, forger } = paper;
    const root = await revokedFrom(5);
    for (const what of [LIGHT, FERRY, '']) {
      const answer = await ask(forger.held, ADDRESS, { id, root, what }, NOW);
      expect(answer, answer.lines.join('\n')).toMatchObject({ colour: 'green', failed: undefined });
      expect(answer.lines.join('\n')).not.toContain('log-keys');
    }
  });
});

describe('a retraction that withholds', () => {
  const A = '2026/01/05/a';
  let id: string;
  let forger: Forger;

  beforeAll(async () => {
    const newsroom = await openNewsroom('Bay Post', join(folder, 'Bay Post'));
    newsroom.write('articles/a.md', source({ slug: 'a' }));
    newsroom.write('articles/b.md', source({ slug: 'b' }));
    await newsroom.publish();
    const retracted = '[{date: 2026-01-06, type: retraction, text: Wrong., withhold: true}]';
    newsroom.write('articles/a.md', source({ slug: 'a', corrections: retracted }));
    newsroom.write('articles/b.md', source({ slug: 'b' }, 'Other text.\n'));
    const { publication, edition } = await newsroom.publish();
    id = publication;
    forger = await Forger.take('Bay Post', newsroom, edition ?? '');
  });

  it.each(['', A, 'categories/science', '2026/01/05/b', 'revisions/2026/01/05/b/1'])(
    'leaves "%s" green',
    async (what) => {
      const answer = await ask(forger.held, ADDRESS, { id, root: `${forger.edition}`, what }, NOW);
      const green = { colour: 'green', failed: undefined, missed: undefined };
      expect(answer, answer.lines.join('\n')).toMatchObject(green);
    },
  );

  it('shows nothing of what was withheld', async () => {
    const withheld = { id, root: `${forger.edition}`, what: `revisions/${A}/1` };
    const answer = await ask(forger.held, ADDRESS, withheld, NOW);
    expect(answer).toMatchObject({ colour: 'amber', missed: 'article' });
  });

  /** What the page says of the article with other members, signed by the desk. */
  async function signedWith(members: object): Promise<PageAnswer> {
    const edit = (article: object) => void Object.assign(article, members);
    const bundle = await forger.rewrite(`articles/${A}`, edit, 'desk');
    return ask(forger.held, ADDRESS, { id, root: `${bundle.cid}` }, NOW);
  }

  const reasons = ['retraction', 'update'].map((kind) => {
    return { '@type': 'CorrectionComment', datePublished: '2026-01-06', kind, text: 'Wrong.' };
  });

  it.each([
    { articleBody: 'It says.' },
    { description: 'What it said.' },
    { author: [{ '@type': 'Person', name: 'Mara' }] },
    { wordCount: 7 },
    { citation: [{ '@type': 'CreativeWork', name: 'A book' }] },
    { license: 'CC0-1.0' },
    { correction: reasons },
  ])('may not bring back %j', async (members) => {
    const answer = await signedWith(members);
    expect(answer).toMatchObject({ colour: 'red', failed: 'article' });
    expect(answer.detail).toContain('it withholds its text, and has');
  });

  it('may say what it keeps in other words', async () => {
    expect(await signedWith({ headline: 'Another' })).toMatchObject({ colour: 'green' });
  });
});

describe('an edition from before the log', () => {
  it('is green, and says that no log was checked', async () => {
    const car = createReadStream(new URL('../fixtures/edition-before-the-log.car', import.meta.url));
    const blocks = new MemoryBlocks();
    let root = '';
    for await (const part of readCar(car)) {
      if ('roots' in part) root = `${part.roots[0]}`;
      else blocks.put(part);
    }
    const now = new Date('2025-07-10T00:00:00Z');
    const amber = await ask(blocks, ADDRESS, { root }, now);
    const id = /bafkrei\w+/.exec(amber.detail)?.[0] ?? '';
    const answer = await ask(blocks, ADDRESS, { root, id }, now);
    expect(answer, answer.lines.join('\n')).toMatchObject({
      colour: 'green',
      failed: undefined,
      missed: undefined,
    });
    expect(answer.lines).toContain('not-checked log: the manifest is from before there was a log');
  });
});

describe('plain hosting', () => {
  const FOLDER = 'https://paper.example/news/';

  it('is green for an article, and computes its CID', async () => {
    const { publication: id, forger } = paper;
    const fetch = hostingOf(forger.held, forger.edition, FOLDER);
    const answer = await ask(fetch, `${FOLDER}verify.html`, { id, what: LIGHT }, NOW);
    expect(answer, answer.lines.join('\n')).toMatchObject({
      colour: 'green',
      failed: undefined,
      missed: undefined,
    });
    expect(answer.cid).toBe(`${(await forger.link(`articles/${LIGHT}`)).cid}`);
  });

  it.each([
    ['index.html', 'root-files'],
    ['manifest.json', 'manifest-signature'],
    ['masthead/1.json', 'masthead-chain'],
    ['log/checkpoint', 'log-checkpoint'],
    [`articles/${LIGHT}/article.json`, 'signature'],
    [`articles/${LIGHT}/index.html`, 'files'],
    [`articles/${LIGHT}/masthead/1.json`, 'bundle-mastheads'],
  ])('is red with %s edited', async (path, check) => {
    const { publication: id, forger } = paper;
    const text = Buffer.from(await forger.bytes(path)).toString('latin1');
    const edited = text.replace(
      /Twice|First light|"expires":"20|1$|\b\d+\n/,
      (found) => `${found.slice(0, -1)}7`,
    );
    expect(edited).not.toBe(text);
    const root = await forger.forge(async (tree) =>
      tree.set(path.split('/'), await forger.file(Buffer.from(edited, 'latin1'))),
    );
    const fetch = hostingOf(forger.held, CID.parse(root), FOLDER);
    const answer = await ask(fetch, `${FOLDER}verify.html`, { id, what: LIGHT }, NOW);
    expect(answer.colour, answer.lines.join('\n')).toBe('red');
    expect(answer.failed, answer.lines.join('\n')).toBe(check);
  });
});
