import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { formatProposal, type Proposal, parseProposal } from '../../src/manifest/proposal.ts';
import { missingSignatures, signProposal } from '../../src/manifest/sign-proposal.ts';
import { finishPublication, proposeWithArticles } from '../../src/workflows/finish.ts';
import { addKey, limitKey, setThreshold } from '../../src/workflows/keys/change-keys.ts';
import { listHeldKeys } from '../../src/workflows/keys/list-keys.ts';
import { proposePublication } from '../../src/workflows/propose.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { testSigner } from '../helpers/signers.ts';

const DO = { dryRun: false };
const ALL = { paths: [], dryRun: false, allowFuture: false, listUnchanged: true };
const FINISH = { dryRun: false, listUnchanged: true };
const LATER = new Date(NOW.getTime() + 3_600_000);
const [ANN, EVE] = [testSigner('Ann'), testSigner('Eve')];

/** A newsroom whose editions need a second key, which Ann has. */
async function twoOfTwo(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/a.md', source());
  await newsroom.publish();
  await newsroom.masthead((effects) =>
    addKey({ role: 'edition', did: ANN.did, categories: [] }, effects, DO),
  );
  await newsroom.masthead((effects) => setThreshold({ role: 'edition', threshold: 2 }, effects, DO));
  newsroom.write('articles/b.md', source({ title: 'b' }));
  return newsroom;
}

/** The proposal as it comes out of its file. */
async function propose(newsroom: Newsroom, now = NOW): Promise<Proposal> {
  const { proposal } = await newsroom.publishing((effects) => proposePublication(ALL, [], effects), now);
  return parseProposal(formatProposal(proposal!));
}

const finish = (newsroom: Newsroom, proposal: Proposal, now = LATER) =>
  newsroom.publishing((effects) => finishPublication(proposal, FINISH, effects), now);
const headOf = (newsroom: Newsroom) => newsroom.use(({ repository }) => repository.head()?.sequence);

describe('an edition that needs two keys', () => {
  it('is not published by one', async () => {
    const newsroom = await twoOfTwo();
    await expect(newsroom.publish()).rejects.toThrow('an edition needs 2 edition keys; 1 are here');
    expect(await headOf(newsroom)).toBe(1);
  });

  it('is proposed, signed elsewhere, and published then', async () => {
    const newsroom = await twoOfTwo();
    const proposal = await propose(newsroom);
    expect(await headOf(newsroom)).toBe(1);
    expect(missingSignatures(proposal)).toMatchObject([{ threshold: 2, signed: 1, waiting: [ANN.did] }]);
    await expect(finish(newsroom, proposal)).rejects.toThrow(
      '1 of 2 edition keys have signed; the head stays',
    );
    const { proposal: signed } = signProposal(proposal, [ANN]);
    expect(missingSignatures(signed)).toEqual([]);
    const report = await finish(newsroom, signed);
    expect(report).toMatchObject({ status: 'published', sequence: 2 });
    const manifest = JSON.parse(await newsroom.read(report.edition, 'manifest.json'));
    expect(manifest).toEqual(signed.kind === 'manifest' && signed.manifest);
    expect((await newsroom.verify(undefined, LATER)).verdict).toBe('current');
    await expect(finish(newsroom, signed)).rejects.toThrow('edition 2 is the head now');
  });

  it('is signed by all, where all keys are here', async () => {
    const newsroom = await Newsroom.open();
    await newsroom.masthead((effects) => addKey({ role: 'edition', categories: [] }, effects, DO));
    await newsroom.masthead((effects) => setThreshold({ role: 'edition', threshold: 2 }, effects, DO));
    newsroom.write('articles/a.md', source());
    const { edition } = await newsroom.publish();
    expect(JSON.parse(await newsroom.read(edition, 'manifest.json')).proof).toHaveLength(2);
    expect((await newsroom.verify()).verdict).toBe('current');
  });

  it('is nothing to propose where nothing changed', async () => {
    const newsroom = await Newsroom.open();
    newsroom.write('articles/a.md', source());
    await newsroom.publish();
    const made = await newsroom.publishing((effects) => proposePublication(ALL, [], effects));
    expect(made).toMatchObject({ proposal: undefined, report: { status: 'unchanged' } });
  });
});

describe('a proposal is refused', () => {
  it('when the head has moved on', async () => {
    const newsroom = await twoOfTwo();
    const [first, second] = [await propose(newsroom), await propose(newsroom, LATER)];
    await finish(newsroom, signProposal(second, [ANN]).proposal);
    await expect(finish(newsroom, signProposal(first, [ANN]).proposal)).rejects.toThrow(
      'the proposal is of edition 2; edition 2 is the head now: it can no longer be finished',
    );
  });

  it('when a masthead came between', async () => {
    const newsroom = await twoOfTwo();
    const { proposal } = signProposal(await propose(newsroom), [ANN]);
    await newsroom.masthead((effects) => setThreshold({ role: 'edition', threshold: 1 }, effects, DO));
    await expect(finish(newsroom, proposal)).rejects.toThrow('another masthead was recorded');
  });

  it('when a source changed', async () => {
    const newsroom = await twoOfTwo();
    const { proposal } = signProposal(await propose(newsroom), [ANN]);
    newsroom.write('articles/b.md', source({ title: 'b' }, 'Another text.\n'));
    await expect(finish(newsroom, proposal)).rejects.toThrow(
      /what would be published is not what was proposed and signed: .*articles.*log.* differ/,
    );
    expect(await headOf(newsroom)).toBe(1);
    newsroom.write('articles/b.md', source({ title: 'b' }));
    expect(await finish(newsroom, proposal)).toMatchObject({ status: 'published' });
  });

  it('when it has expired', async () => {
    const newsroom = await twoOfTwo();
    const { proposal } = signProposal(await propose(newsroom), [ANN]);
    await expect(finish(newsroom, proposal, new Date('2027-01-01T00:00:00Z'))).rejects.toThrow(
      'the proposed manifest expired',
    );
  });

  it('when a signature is wrong, or of a stranger, by whoever is to sign it as well', async () => {
    const newsroom = await twoOfTwo();
    const proposal = signProposal(await propose(newsroom), [ANN]).proposal;
    if (proposal.kind !== 'manifest') throw new Error('no manifest');
    const later: Proposal = {
      ...proposal,
      manifest: { ...proposal.manifest, expires: '2026-03-01T00:00:00Z' },
    };
    await expect(finish(newsroom, later)).rejects.toThrow('does not fit');
    expect(() => signProposal(later, [ANN])).toThrow('does not fit');
    expect(() => signProposal(proposal, [EVE])).toThrow('no key at hand may sign this manifest');
  });

  it('of another publication', async () => {
    const [one, other] = [await twoOfTwo(), await twoOfTwo()];
    const { proposal } = signProposal(await propose(one), [ANN]);
    await expect(finish(other, proposal)).rejects.toThrow('not of this');
  });
});

describe('a file that is no proposal', () => {
  it.each<[string, (file: Record<string, unknown>) => unknown, string]>([
    ['another format', (file) => ({ ...file, format: 'ovn-proposal/2' }), 'not a proposal'],
    ['an unknown member', (file) => ({ ...file, more: 1 }), 'not a proposal'],
    ['no mastheads', (file) => ({ ...file, mastheads: [] }), 'there is no masthead'],
    [
      'a gap in the mastheads',
      (file) => ({ ...file, mastheads: (file['mastheads'] as []).slice(1) }),
      'masthead 1',
    ],
    [
      'a manifest of an older masthead',
      (file) => ({ ...file, mastheads: (file['mastheads'] as []).slice(0, 1) }),
      'not of the mastheads',
    ],
    ['no manifest', (file) => ({ ...file, manifest: {} }), 'manifest: '],
  ])('has %s', async (_what, change, message) => {
    const newsroom = await twoOfTwo();
    const file = JSON.parse(Buffer.from(formatProposal(await propose(newsroom))).toString());
    expect(() => parseProposal(canonicalBytes(change(file)))).toThrow(message);
    expect(() => parseProposal(canonicalBytes(file))).not.toThrow();
  });
});

describe('an article that an editor elsewhere signs', () => {
  /** A newsroom whose own desk key is for science only; Ann signs world. */
  async function withEditor(): Promise<Newsroom> {
    const newsroom = await Newsroom.open();
    const [desk] = await newsroom.use(({ repository }) =>
      listHeldKeys(repository).filter(({ role }) => role === 'desk'),
    );
    await newsroom.masthead((effects) =>
      limitKey({ did: desk?.id ?? '', categories: ['science'] }, effects, DO),
    );
    await newsroom.masthead((effects) =>
      addKey({ role: 'desk', did: ANN.did, categories: ['world'] }, effects, DO),
    );
    newsroom.write('articles/a.md', source());
    newsroom.write('articles/b.md', source({ title: 'Abroad', categories: '[World]' }));
    return newsroom;
  }

  it('is proposed with its text, and taken in with the rest', async () => {
    const newsroom = await withEditor();
    await expect(newsroom.publish()).rejects.toThrow('2026/01/05/b (world) needs 1 desk keys');
    const proposal = await propose(newsroom);
    expect(proposal).toMatchObject({ kind: 'articles', articles: [{ headline: 'Abroad' }] });
    await expect(finish(newsroom, proposal)).rejects.toThrow('2026/01/05/b (world) needs 1 desk keys');
    const { proposal: signed } = signProposal(proposal, [ANN]);
    const report = await finish(newsroom, signed);
    expect(report).toMatchObject({ status: 'published', sequence: 1 });
    const text = await newsroom.read(report.edition, 'articles/2026/01/05/b/article.json');
    expect(text).toContain(ANN.did);
    expect((await newsroom.verify(undefined, LATER)).verdict).toBe('current');
  });

  it('is refused when it is not the text that was signed', async () => {
    const newsroom = await withEditor();
    const { proposal } = signProposal(await propose(newsroom), [ANN]);
    newsroom.write('articles/b.md', source({ title: 'Abroad', categories: '[World]' }, 'Another text.\n'));
    await expect(finish(newsroom, proposal)).rejects.toThrow('2026/01/05/b is not what was signed elsewhere');
    expect(await headOf(newsroom)).toBeUndefined();
  });

  it('is not signed by a key for other categories', async () => {
    const newsroom = await withEditor();
    const proposal = await propose(newsroom);
    expect(() => signProposal(proposal, [EVE])).toThrow('no key at hand may sign these articles');
  });

  it('can be part of an edition that needs signatures too', async () => {
    const newsroom = await withEditor();
    await newsroom.masthead((effects) =>
      addKey({ role: 'edition', did: EVE.did, categories: [] }, effects, DO),
    );
    await newsroom.masthead((effects) => setThreshold({ role: 'edition', threshold: 2 }, effects, DO));
    const articles = signProposal(await propose(newsroom), [ANN]).proposal;
    const { proposal } = await newsroom.publishing((effects) =>
      proposeWithArticles(articles, FINISH, effects),
    );
    const { proposal: signed } = signProposal(parseProposal(formatProposal(proposal!)), [EVE]);
    expect(await finish(newsroom, signed)).toMatchObject({ status: 'published', sequence: 1 });
    expect((await newsroom.verify(undefined, LATER)).verdict).toBe('current');
  });
});
