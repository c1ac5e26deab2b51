import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { beforeAll, describe, expect, it } from 'vitest';
import { renderPage } from '../../../src/article/page.ts';
import { parseArticle, type SignedArticle } from '../../../src/bundle/article-json.ts';
import { canonicalBytes } from '../../../src/bundle/canonical-json.ts';
import { NO_WITNESSES } from '../../../src/log/witness-policy.ts';
import { writeCar } from '../../../src/node/car.ts';
import { parseEvidence } from '../../../src/reader/evidence.ts';
import { LIMITS } from '../../../src/reader/limits.ts';
import { verifyEvidence } from '../../../src/reader/verify-evidence.ts';
import { loadKey } from '../../../src/repo/keyring.ts';
import { ReaderMemories } from '../../../src/repo/reader-memory.ts';
import { readFileLimited } from '../../../src/repo/source-files.ts';
import type { Masthead } from '../../../src/trust/masthead.ts';
import type { Signer } from '../../../src/trust/proof.ts';
import { signDocument, signerOf, signToBytes } from '../../../src/trust/sign-document.ts';
import { addFile, readFile } from '../../../src/unixfs/file.ts';
import { Tree } from '../../../src/unixfs/tree.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { packArticleProof } from '../../../src/workflows/article-proof.ts';
import { type GetEffects, getBytes, getFolder } from '../../../src/workflows/get.ts';
import { revokeKey, rotateKey } from '../../../src/workflows/keys/change-keys.ts';
import { type VerifyReport, verify } from '../../../src/workflows/verify.ts';
import { writeWholeFile } from '../../../src/workflows/write-folder.ts';
import { sharedFolder } from '../../e2e/support.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';
import { testSigner } from '../../helpers/signers.ts';

const { signal } = new AbortController();
const DO = { dryRun: false };
const MARKET = '2026/01/05/market';
const FORGED = '2026/01/05/forged';

/** Who has what: a desk key until it was revoked, and a masthead key until it was replaced. */
interface Thief {
  desk: Signer;
  masthead: Signer;
}

/**
 * A paper whose desk key and masthead key were stolen, and which has changed both since. What the thief signs is in no edition: it is
 * offered as a bundle or a category of its own, and by itself it holds.
 */
describe('what is offered without its edition', () => {
  const folder = sharedFolder();
  const held = new MemoryBlocks();
  let newsroom: Newsroom;
  /** Nothing is remembered here but what the test says. */
  let memories: ReaderMemories;
  let market: CID;
  let science: CID;
  let proof: CID;
  let revoked: CID;
  let forked: CID;

  beforeAll(async () => {
    newsroom = await Newsroom.in(join(folder, 'paper'));
    newsroom.write('articles/harbour.md', source({ title: 'Harbour' }));
    newsroom.write('articles/market.md', source({ title: 'Market' }));
    const first = await newsroom.publish();
    market = (await newsroom.link(`${first.edition}`, `articles/${MARKET}`)).cid;
    science = (await newsroom.link(`${first.edition}`, 'categories/science')).cid;
    await newsroom.use(async ({ repository, node }) => {
      await take(CID.parse(`${first.edition}`), node.read);
      const effects = { repository, read: node.read, now: NOW, signal };
      const packed = await packArticleProof({ article: MARKET, revision: 1 }, effects);
      proof = packed.root;
      await take(proof, packed.read);
    });
    const keys = newsroom.path('.ovn/keys');
    const key = async (role: string) => signerOf((await loadKey(keys, role)).privateKey);
    const thief = { desk: await key('desk'), masthead: await key('masthead') };
    await newsroom.masthead((effects) => rotateKey('masthead', effects, DO));
    await newsroom.masthead((effects) => rotateKey('desk', effects, DO));
    const { did } = thief.desk;
    await newsroom.masthead((effects) => revokeKey({ did, fromEntry: 3 }, effects, DO));
    newsroom.write('articles/later.md', source({ title: 'Later' }));
    const second = await newsroom.publish();
    await newsroom.use(({ node }) => take(CID.parse(`${second.edition}`), node.read));
    revoked = await forge(thief, false);
    forked = await forge(thief, true);
    memories = new ReaderMemories(join(folder, 'state'));
    await judge(CID.parse(`${second.edition}`), { memories });
  });

  async function take(root: CID, read: (cid: CID) => Promise<Uint8Array | undefined>): Promise<void> {
    for await (const { cid, bytes } of walkDag(root, read)) if (bytes !== undefined) held.put({ cid, bytes });
  }

  /** An article of the thief's: by the old desk key, or by a desk key that he names in a masthead 2 of his own. */
  async function forge({ desk, masthead }: Thief, isFork: boolean): Promise<CID> {
    const bundle = Tree.open({ cid: market, size: 0 }, held.read);
    const read = async (...path: string[]): Promise<Uint8Array> => {
      const link = await bundle.get(path);
      return readFile(link?.cid ?? market, held.read, { limit: 1 << 20 });
    };
    const { proof: _, ...article } = parseArticle(await read('article.json')) as SignedArticle;
    const first = JSON.parse(Buffer.from(await read('masthead', '1.json')).toString()) as Masthead;
    Object.assign(article, { headline: 'Forged', identifier: FORGED });
    const own = testSigner('thief');
    if (isFork) {
      const { proof: __, ...next } = structuredClone(first) as Masthead & { proof?: unknown };
      Object.assign(next, { version: 2 });
      next.roles.desk = { keys: [{ id: own.did }], threshold: 1 } as never;
      await bundle.set(['masthead', '2.json'], await addFile(signToBytes(next, [masthead]).bytes, held.sink));
      article.publication.masthead = 2;
    }
    const files = article.files.filter(({ role }) => role === 'image');
    const page = await addFile(Buffer.from(renderPage({ ...article, files })), held.sink);
    for (const file of article.files)
      if (file.path === 'index.html') Object.assign(file, { cid: `${page.cid}`, size: page.size });
    await bundle.set(['index.html'], page);
    const signed = canonicalBytes(signDocument(article, [isFork ? own : desk]));
    await bundle.set(['article.json'], await addFile(signed, held.sink));
    return (await bundle.write(held.sink)).cid;
  }

  /** The bundle as the one article of a category. */
  async function alone(bundle: CID): Promise<CID> {
    const tree = Tree.empty(held.read);
    await tree.set(FORGED.split('/'), { cid: bundle, size: 0 });
    await tree.set(['feed.json'], await addFile(Buffer.from('{}'), held.sink));
    return (await tree.write(held.sink)).cid;
  }

  type Who = Partial<Pick<Parameters<typeof verify>[1], 'memories' | 'local'>>;

  /** Judges a CAR file of it. */
  async function judge(root: CID, { memories: remembered, local }: Who = {}): Promise<VerifyReport> {
    const car = join(folder, 'offered.car');
    await writeWholeFile(car, writeCar(root, held.read), signal);
    const effects = { local, memories: remembered, policy: NO_WITNESSES, now: NOW, signal };
    const { report } = await verify({ what: car, publication: undefined, requireCurrent: false }, effects);
    return report;
  }

  /** The same with the newest edition at hand. */
  const judgeAtHome = (root: CID) =>
    newsroom.use(({ repository, node }) => judge(root, { local: { repository, read: node.read } }));

  const said = ({ verdict, checks }: VerifyReport): string[] => [
    verdict,
    ...checks.filter(({ result }) => result === 'fail').map(({ name, detail }) => `${name}: ${detail}`),
  ];
  const inclusion = ({ checks }: VerifyReport) => checks.find(({ name }) => name === 'log-inclusion');

  const KINDS: [string, (bundle: CID) => CID | Promise<CID>][] = [
    ['a bundle', (bundle) => bundle],
    ['a category', alone],
  ];

  it.each(KINDS)('holds by itself, and nothing is claimed beyond that: %s', async (_, make) => {
    for (const bundle of [revoked, forked]) {
      const report = await judge(await make(bundle));
      expect(said(report)).toEqual(['genuine']);
      expect(inclusion(report)).toMatchObject({ result: 'not-checked' });
    }
  });

  it.each(KINDS)('is refused by a revoked key, with an edition at hand or a memory: %s', async (_, make) => {
    const root = await make(revoked);
    expect(said(await judgeAtHome(root))).toEqual([
      'refused',
      expect.stringMatching(/^log-inclusion: 2026\/01\/05\/forged, .*no desk key of masthead 4 signed it$/),
    ]);
    expect(said(await judge(root, { memories }))).toEqual([
      'refused',
      expect.stringMatching(
        /^log-inclusion: signed by did:key:\w+, which masthead 4 revokes; .*only an edition/,
      ),
    ]);
  });

  it.each(KINDS)('is refused under another masthead 2, and both are kept: %s', async (_, make) => {
    const root = await make(forked);
    const fork = 'mastheads: masthead 2 is not the one that was seen before, and both are signed';
    expect(said(await judgeAtHome(root))).toEqual(['refused', fork]);
    const report = await judge(root, { memories });
    expect(said(report)).toEqual(['refused', fork]);
    const path = report.evidence ?? '';
    const { bytes } = readFileLimited(path, LIMITS.evidence, path);
    expect(parseEvidence(bytes).kind).toBe('masthead-fork');
    expect(verifyEvidence(bytes).checks.map(({ result }) => result)).not.toContain('fail');
  });

  it('is genuine from before the key was revoked where a log says so, and only there', async () => {
    expect(said(await judgeAtHome(market))).toEqual(['current']);
    expect(said(await judge(proof, { memories }))).toEqual(['genuine']);
    expect(said(await judge(market, { memories }))).toEqual([
      'refused',
      expect.stringContaining('only an edition'),
    ]);
    expect(inclusion(await judgeAtHome(science))).toMatchObject({
      result: 'pass',
      detail: expect.stringMatching(/^2 bundles, each as it was logged, in a log of \d+ entries$/),
    });
  });

  it('is refused with the proof of an entry from which on the key is revoked', async () => {
    const other = await Newsroom.open();
    other.write('articles/market.md', source({ title: 'Market' }));
    await other.publish();
    const root = await other.use(async ({ repository, node }) => {
      const effects = { repository, read: node.read, now: NOW, signal };
      const packed = await packArticleProof({ article: MARKET, revision: 1 }, effects);
      await take(packed.root, packed.read);
      return packed.root;
    });
    const { did } = await loadKey(other.path('.ovn/keys'), 'desk');
    await other.masthead((effects) => rotateKey('desk', effects, DO));
    await other.masthead((effects) => revokeKey({ did, fromEntry: 1 }, effects, DO));
    const edition = CID.parse(`${(await other.publish()).edition}`);
    await other.use(({ node }) => take(edition, node.read));
    const remembering = new ReaderMemories(join(folder, 'other'));
    expect(said(await judge(root, { memories: remembering }))).toEqual(['genuine']);
    await judge(edition, { memories: remembering });
    expect(said(await judge(root, { memories: remembering }))).toEqual([
      'refused',
      expect.stringMatching(/^log-inclusion: logged as entry 1: did:key:\w+ is revoked there$/),
    ]);
  });

  it('is not looked for in an edition of somebody else', async () => {
    const elsewhere = await Newsroom.open();
    elsewhere.write('articles/a.md', source());
    await elsewhere.publish();
    const report = await elsewhere.use(({ repository, node }) =>
      judge(revoked, { local: { repository, read: node.read } }),
    );
    expect(inclusion(report)).toMatchObject({
      result: 'not-checked',
      detail: 'no edition of its publication is at hand',
    });
  });

  it('is named where the log at hand does not have it yet', async () => {
    const before = newsroom.copy();
    before.write('articles/newest.md', source({ title: 'Newest' }));
    const { edition } = await before.publish();
    const newest = (await before.link(`${edition}`, 'categories/science')).cid;
    await before.use(({ node }) => take(CID.parse(`${edition}`), node.read));
    const report = await judgeAtHome(newest);
    expect(said(report)).toEqual(['genuine']);
    expect(inclusion(report)).toMatchObject({
      result: 'not-checked',
      detail: expect.stringMatching(
        /^1 of 4 bundles are not in the log of \d+ entries .*: 2026\/01\/05\/newest$/,
      ),
    });
  });

  describe('is given out by get', () => {
    const given = async (root: CID, effects: Partial<GetEffects>): Promise<SignedArticle> => {
      const parts: Uint8Array[] = [];
      const all = { read: held.read, now: NOW, signal, ...effects };
      for await (const part of getBytes(root, 'json', all)) parts.push(part);
      return parseArticle(Buffer.concat(parts)) as SignedArticle;
    };

    it('only where verify says that it is genuine', async () => {
      for (const root of [revoked, forked]) {
        const refused = {
          code: 'refused',
          message: expect.stringMatching(/is not genuine: (?:log-|mastheads)/),
        };
        await expect(given(root, { reader: { local: undefined, memories } })).rejects.toMatchObject(refused);
        await newsroom.use(async ({ repository, node }) => {
          const reader = { local: { repository, read: node.read }, memories: undefined };
          await expect(given(root, { reader })).rejects.toMatchObject(refused);
          const target = join(folder, 'forged');
          const effects = { read: held.read, now: NOW, signal, reader };
          await expect(getFolder(root, target, effects)).rejects.toMatchObject(refused);
          expect(existsSync(target)).toBe(false);
          expect((await given(market, { reader })).identifier).toBe(MARKET);
        });
        expect((await given(root, {})).headline).toBe('Forged');
      }
    });

    it('and nothing is remembered of it', async () => {
      const state = join(folder, 'get-state');
      await newsroom.use(({ repository, node }) =>
        given(market, {
          reader: { local: { repository, read: node.read }, memories: new ReaderMemories(state) },
        }),
      );
      expect(existsSync(state) ? readdirSync(state) : []).toEqual([]);
    });
  });
});
