import { describe, expect, it } from 'vitest';
import { parseProposal } from '../../src/manifest/proposal.ts';
import { signProposal } from '../../src/manifest/sign-proposal.ts';
import { createKeys } from '../../src/repo/keyring.ts';
import {
  addKey,
  extendMasthead,
  limitKey,
  retireKey,
  revokeKey,
  rotateKey,
  setThreshold,
} from '../../src/workflows/keys/change-keys.ts';
import { findDisowned } from '../../src/workflows/keys/disowned.ts';
import { finishMasthead } from '../../src/workflows/keys/finish-masthead.ts';
import { listHeldKeys } from '../../src/workflows/keys/list-keys.ts';
import { showMastheads } from '../../src/workflows/keys/show-mastheads.ts';
import { publish } from '../../src/workflows/publish.ts';
import type { RevisionMaker } from '../../src/workflows/publishing/make-revisions.ts';
import { Newsroom, NOW, source } from '../helpers/newsroom.ts';
import { testSigner } from '../helpers/signers.ts';

const DO = { dryRun: false };
const EVE = testSigner('Eve');

async function published(): Promise<Newsroom> {
  const newsroom = await Newsroom.open();
  newsroom.write('articles/a.md', source());
  await newsroom.publish();
  return newsroom;
}

const keysOf = (newsroom: Newsroom, role: string) =>
  newsroom.use(({ repository }) => listHeldKeys(repository).filter((key) => key.role === role));
const eventsOf = (newsroom: Newsroom) =>
  newsroom.use(({ repository }) =>
    repository.events.list().map(({ kind, sequence }) => `${kind} ${sequence}`),
  );

describe('rotating a key', () => {
  it('puts a new one in its place, logged behind the edition that the old one signed', async () => {
    const newsroom = await published();
    const [before] = await keysOf(newsroom, 'desk');
    const report = await newsroom.masthead((effects) => rotateKey('desk', effects, DO));
    expect(report).toMatchObject({
      status: 'recorded',
      version: 2,
      masthead: expect.stringMatching(/^bafkrei/),
      removed: [{ role: 'desk', id: before?.id }],
      missing: [],
    });
    expect(await eventsOf(newsroom)).toEqual(['masthead 1', 'publish 1', 'edition 1', 'masthead 2']);
    const after = await keysOf(newsroom, 'desk');
    expect(after.map(({ id, state, held }) => [id === before?.id, state, held])).toContainEqual([
      true,
      'retired',
      true,
    ]);
    expect(after.map(({ state }) => state).sort()).toEqual(['current', 'retired']);
  });

  it('makes the next publication one that names the new masthead, though no article changed', async () => {
    const newsroom = await published();
    await newsroom.masthead((effects) => rotateKey('desk', effects, DO));
    const report = await newsroom.publish();
    expect(report).toMatchObject({ status: 'refreshed', sequence: 2 });
    expect(JSON.parse(await newsroom.read(report.edition, 'manifest.json'))).toMatchObject({
      masthead: { version: 2 },
    });
    expect(await newsroom.publish()).toMatchObject({ status: 'unchanged', sequence: 2 });
    expect(await newsroom.verify()).toMatchObject({ ok: true, verdict: 'current' });
  });

  it.each(['desk', 'edition', 'log', 'name', 'masthead'])(
    'leaves everything genuine that the old %s key signed, and signs with the new one',
    async (role) => {
      const newsroom = await published();
      for (const title of ['one', 'two']) {
        await newsroom.masthead((effects) => rotateKey(role, effects, DO));
        newsroom.write(`articles/${title}.md`, source({ title }));
        expect(await newsroom.publish()).toMatchObject({ status: 'published' });
        const { checks, verdict } = await newsroom.verify();
        expect(checks.filter(({ result }) => result === 'fail')).toEqual([]);
        expect(verdict).toBe('current');
      }
      expect((await newsroom.verify('2026/01/05/a')).verdict).toBe('current');
      expect(await eventsOf(newsroom)).toContain('masthead 3');
    },
  );

  it('of the log keeps the origin, and has both keys sign one checkpoint', async () => {
    const newsroom = await published();
    const first = await newsroom.publish();
    const origin = (await newsroom.read(first.edition, 'log/checkpoint')).split('\n')[0];
    const signatures = async (edition: string) => {
      const lines = (await newsroom.read(edition, 'log/checkpoint')).split('\n');
      expect(lines[0]).toBe(origin);
      return lines.filter((line) => line.startsWith('—')).map((line) => line.split(' ')[2]?.slice(0, 5));
    };
    const before = await signatures(first.edition);
    await newsroom.masthead((effects) => rotateKey('log', effects, DO));
    const second = await signatures((await newsroom.publish()).edition);
    expect(second).toHaveLength(2);
    expect(second).toContain(before[0]);
    newsroom.write('articles/b.md', source({ title: 'b' }));
    const third = await signatures((await newsroom.publish()).edition);
    expect(third).toHaveLength(1);
    expect(second).toContain(third[0]);
    expect(third).not.toEqual(before);
  });

  it('of the log waits for the old key where it is not here, unless that is revoked', async () => {
    const newsroom = await published();
    const [old] = await keysOf(newsroom, 'log');
    await newsroom.masthead((effects) => rotateKey('log', effects, DO));
    await newsroom.takeKey(old?.id ?? '');
    await expect(newsroom.publish()).rejects.toThrow(`needs 1 of the log keys ${old?.id}`);
    await newsroom.masthead((effects) => revokeKey({ did: old?.id ?? '', fromEntry: 2 }, effects, DO));
    expect(await newsroom.publish()).toMatchObject({ status: 'refreshed' });
  });

  it('keeps the limits of a desk key', async () => {
    const newsroom = await published();
    const [key] = await keysOf(newsroom, 'desk');
    await newsroom.masthead((effects) =>
      limitKey({ did: key?.id ?? '', categories: ['science'] }, effects, DO),
    );
    await newsroom.masthead((effects) => rotateKey('desk', effects, DO));
    const current = (await keysOf(newsroom, 'desk')).find(({ state }) => state === 'current');
    expect(current).toMatchObject({ categories: ['science'] });
  });

  it('needs a did:key where a role has several', async () => {
    const newsroom = await published();
    await newsroom.masthead((effects) => addKey({ role: 'desk', did: EVE.did, categories: [] }, effects, DO));
    await expect(newsroom.masthead((effects) => rotateKey('desk', effects, DO))).rejects.toThrow(
      'several desk keys',
    );
    await newsroom.masthead((effects) => rotateKey(EVE.did, effects, DO));
    expect((await keysOf(newsroom, 'desk')).map(({ id }) => id)).not.toContain(EVE.did);
  });
});

describe('desk keys', () => {
  it('that are limited sign inside of their categories, and nothing outside', async () => {
    const newsroom = await published();
    const [key] = await keysOf(newsroom, 'desk');
    await newsroom.masthead((effects) =>
      limitKey({ did: key?.id ?? '', categories: ['science'] }, effects, DO),
    );
    newsroom.write('articles/b.md', source({ title: 'In' }));
    expect(await newsroom.publish()).toMatchObject({ status: 'published' });
    newsroom.write('articles/c.md', source({ title: 'Out', categories: '[Science, World]' }));
    await expect(newsroom.publish()).rejects.toThrow(
      '2026/01/05/c (science, world) needs 1 desk keys that may sign it; 0 did',
    );
    await newsroom.masthead((effects) => addKey({ role: 'desk', categories: [] }, effects, DO));
    expect(await newsroom.publish()).toMatchObject({ status: 'published' });
    expect((await newsroom.verify()).verdict).toBe('current');
  });

  it('sign together where the threshold says so', async () => {
    const newsroom = await published();
    await newsroom.masthead((effects) => addKey({ role: 'desk', categories: [] }, effects, DO));
    await newsroom.masthead((effects) => setThreshold({ role: 'desk', threshold: 2 }, effects, DO));
    newsroom.write('articles/b.md', source({ title: 'Two' }));
    const { edition } = await newsroom.publish();
    const article = JSON.parse(await newsroom.read(edition, 'articles/2026/01/05/b/article.json'));
    expect(article.proof).toHaveLength(2);
    expect((await newsroom.verify('2026/01/05/b')).verdict).toBe('current');
  });

  it('that are retired sign nothing more', async () => {
    const newsroom = await published();
    const [old] = await keysOf(newsroom, 'desk');
    await newsroom.masthead((effects) => addKey({ role: 'desk', categories: [] }, effects, DO));
    await newsroom.masthead((effects) => retireKey(old?.id ?? '', effects, DO));
    newsroom.write('articles/b.md', source({ title: 'b' }));
    const { edition } = await newsroom.publish();
    expect(await newsroom.read(edition, 'articles/2026/01/05/b/article.json')).not.toContain(old?.id);
    expect(await newsroom.read(edition, 'articles/2026/01/05/a/article.json')).toContain(old?.id);
    const [current] = (await keysOf(newsroom, 'desk')).filter(({ state }) => state === 'current');
    await newsroom.takeKey(current?.id ?? '');
    newsroom.write('articles/c.md', source({ title: 'c' }));
    await expect(newsroom.publish()).rejects.toThrow('the keyring has no desk key that the masthead names');
  });
});

describe('revoking a key', () => {
  it('takes it out, and says what is disowned', async () => {
    const newsroom = await published();
    newsroom.write('articles/b.md', source({ title: 'b' }));
    await newsroom.publish();
    const [old] = await keysOf(newsroom, 'desk');
    const did = old?.id ?? '';
    await newsroom.masthead((effects) => addKey({ role: 'desk', categories: [] }, effects, DO));
    const report = await newsroom.masthead((effects) => revokeKey({ did, fromEntry: 2 }, effects, DO));
    expect(report.removed).toEqual([{ role: 'desk', id: did }]);
    expect((await keysOf(newsroom, 'desk')).find(({ id }) => id === did)).toMatchObject({
      state: 'revoked',
      fromEntry: 2,
    });
    const disowned = (from: number) => newsroom.use(({ repository }) => findDisowned(did, from, repository));
    expect(await disowned(2)).toEqual([{ article: '2026/01/05/b', revision: 1, entry: 3 }]);
    expect((await disowned(0)).map(({ article }) => article)).toEqual(['2026/01/05/a', '2026/01/05/b']);
  });

  it('refuses an entry that the log does not have, and a key that nobody knows', async () => {
    const newsroom = await published();
    const [old] = await keysOf(newsroom, 'desk');
    const revoke = (did: string, fromEntry: number) =>
      newsroom.masthead((effects) => revokeKey({ did, fromEntry }, effects, DO));
    await expect(revoke(old?.id ?? '', 40)).rejects.toThrow('the log has 2 entries');
    await expect(revoke(EVE.did, 0)).rejects.toThrow('no masthead ever named');
    await expect(revoke(old?.id ?? '', 1)).rejects.toThrow('the last desk key cannot go');
    expect(await eventsOf(newsroom)).toEqual(['masthead 1', 'publish 1']);
  });
});

describe('a dry run', () => {
  it('changes nothing, and makes no key', async () => {
    const newsroom = await published();
    const before = await newsroom.use(({ repository }) => listHeldKeys(repository));
    const dry = { dryRun: true };
    const report = await newsroom.masthead((effects) => rotateKey('desk', effects, dry));
    expect(report).toMatchObject({
      status: 'planned',
      version: 2,
      added: [{ role: 'desk', id: 'a new key' }],
    });
    await newsroom.masthead((effects) => extendMasthead({ days: 4000 }, effects, dry));
    expect(await newsroom.use(({ repository }) => listHeldKeys(repository))).toEqual(before);
    expect(await eventsOf(newsroom)).toEqual(['masthead 1', 'publish 1']);
  });
});

describe('extending', () => {
  it('makes a masthead that is good for longer', async () => {
    const newsroom = await published();
    const later = new Date('2030-06-01T00:00:00Z');
    const report = await newsroom.masthead((effects) => extendMasthead({}, effects, DO), undefined, later);
    expect(report.expires).toBe('2035-05-31T00:00:00Z');
    const shown = await newsroom.use(({ repository }) => showMastheads(repository, later));
    expect(shown.versions.map(({ version, expired }) => [version, expired])).toEqual([
      [1, false],
      [2, false],
    ]);
    expect(shown.versions[1]?.signedBy).toHaveLength(1);
    const early = newsroom.masthead((effects) => extendMasthead({ days: 1 }, effects, DO));
    await expect(early).rejects.toThrow('is no later');
  });
});

describe('a masthead key on another machine', () => {
  it('signs a proposal, which is then taken in', async () => {
    const newsroom = await published();
    const masthead = await newsroom.takeKey('masthead');
    const files = new Map<string, Uint8Array>();
    const report = await newsroom.masthead((effects) => rotateKey('desk', effects, DO), files);
    expect(report).toMatchObject({
      status: 'proposed',
      masthead: null,
      proposal: 'masthead-2.proposal.json',
      missing: [
        { of: 'masthead keys of masthead 1', waiting: [masthead.did] },
        { of: 'masthead keys of masthead 2' },
      ],
    });
    expect(await eventsOf(newsroom)).toEqual(['masthead 1', 'publish 1']);
    const proposal = parseProposal(files.get('masthead-2.proposal.json')!);
    const early = await newsroom.masthead((effects) => finishMasthead(proposal, effects, DO), files);
    expect(early.status).toBe('proposed');
    const { proposal: signed, added } = signProposal(proposal, [masthead, EVE]);
    expect(added).toEqual([masthead.did]);
    const dry = await newsroom.masthead((effects) => finishMasthead(signed, effects, { dryRun: true }));
    expect(dry).toMatchObject({ status: 'planned', missing: [] });
    expect(await newsroom.masthead((effects) => finishMasthead(signed, effects, DO))).toMatchObject({
      status: 'recorded',
      version: 2,
    });
    expect(await newsroom.publish()).toMatchObject({ status: 'refreshed' });
    expect((await newsroom.verify()).verdict).toBe('current');
    const again = newsroom.masthead((effects) => finishMasthead(signed, effects, DO));
    await expect(again).rejects.toThrow('does not follow masthead 2');
    await expect(again).rejects.toMatchObject({
      message: expect.stringContaining('recorded already, as masthead 2'),
      hint: expect.stringContaining('Nothing is left to be done'),
    });
    const other = newsroom.masthead((effects) => finishMasthead(proposal, effects, DO));
    await expect(other).rejects.toThrow('recorded already, as masthead 2');
  });

  it('tells one that was overtaken by another from one that was recorded', async () => {
    const newsroom = await published();
    const masthead = await newsroom.takeKey('masthead');
    const propose = async (days: number) => {
      const files = new Map<string, Uint8Array>();
      await newsroom.masthead((effects) => extendMasthead({ days }, effects, DO), files);
      return signProposal(parseProposal([...files.values()][0]!), [masthead]).proposal;
    };
    const [one, other] = [await propose(4000), await propose(5000)];
    const finish = (proposal: typeof one) =>
      newsroom.masthead((effects) => finishMasthead(proposal, effects, DO));
    expect(await finish(one)).toMatchObject({ status: 'recorded' });
    await expect(finish(one)).rejects.toMatchObject({ hint: expect.stringContaining('Nothing is left') });
    await expect(finish(other)).rejects.toMatchObject({ hint: expect.stringContaining('Another masthead') });
  });

  it('does not sign for another, nor is a proposal of another publication taken in', async () => {
    const [one, other] = [await published(), await published()];
    const masthead = await one.takeKey('masthead');
    const files = new Map<string, Uint8Array>();
    await one.masthead((effects) => extendMasthead({ days: 4000 }, effects, DO), files);
    const proposal = parseProposal([...files.values()][0]!);
    expect(() => signProposal(proposal, [EVE])).toThrow('no key at hand may sign this masthead');
    const { proposal: signed } = signProposal(proposal, [masthead]);
    await expect(other.masthead((effects) => finishMasthead(signed, effects, DO))).rejects.toThrow(
      'not of this one',
    );
  });
});

describe('keys that no masthead names', () => {
  it('are told apart, and sign nothing', async () => {
    const newsroom = await published();
    await createKeys(newsroom.path('.ovn/keys'), ['desk'], undefined);
    const states = (await keysOf(newsroom, 'desk')).map(({ state }) => state).sort();
    expect(states).toEqual(['current', 'unnamed']);
    newsroom.write('articles/b.md', source({ title: 'b' }));
    expect(await newsroom.publish({ now: NOW })).toMatchObject({ status: 'published' });
    expect((await newsroom.verify()).verdict).toBe('current');
  });
});

describe('an edition, by the order of its log', () => {
  /** A newsroom whose retired desk key comes back into the masthead’s place, as if a thief published with it. */
  async function stolen(): Promise<{ newsroom: Newsroom; old: string }> {
    const newsroom = await published();
    const [old] = await keysOf(newsroom, 'desk');
    await newsroom.masthead((effects) => addKey({ role: 'desk', categories: [] }, effects, DO));
    return { newsroom, old: old?.id ?? '' };
  }
  const checkOf = async (newsroom: Newsroom) =>
    (await newsroom.verify()).checks.find(({ name }) => name === 'log-keys');

  it('has one masthead, and the same keys throughout', async () => {
    expect(await checkOf(await published())).toMatchObject({
      result: 'pass',
      detail: expect.stringContaining('one masthead'),
    });
  });

  it('holds when keys were rotated and retired', async () => {
    const { newsroom, old } = await stolen();
    await newsroom.masthead((effects) => retireKey(old, effects, DO));
    await newsroom.masthead((effects) => rotateKey('edition', effects, DO));
    newsroom.write('articles/b.md', source({ title: 'b' }));
    await newsroom.publish();
    expect(await checkOf(newsroom)).toMatchObject({
      result: 'pass',
      detail: expect.stringContaining('every signature'),
    });
  });

  it('names what is disowned, and is not refused for it', async () => {
    const { newsroom, old } = await stolen();
    newsroom.write('articles/b.md', source({ title: 'b' }));
    await newsroom.publish();
    await newsroom.masthead((effects) => revokeKey({ did: old, fromEntry: 2 }, effects, DO));
    await newsroom.publish();
    expect(await checkOf(newsroom)).toEqual({
      name: 'log-keys',
      result: 'not-checked',
      detail: 'signed by keys since revoked, and disowned: 2026/01/05/b (entry 4)',
    });
    expect(await newsroom.verify()).toMatchObject({ ok: true, verdict: 'current' });
  });

  it('is refused when a retired key signed what was logged later', async () => {
    const { newsroom, old } = await stolen();
    await newsroom.masthead((effects) => retireKey(old, effects, DO));
    newsroom.write('articles/b.md', source({ title: 'Back-dated' }));
    await newsroom.publishing(async (effects) => {
      const keys = await effects.signers('desk');
      const thief = keys.filter(({ did }) => did === old);
      const revisions: RevisionMaker = {
        ...effects.revisions,
        // The bundle is made as it would have been before the key was retired.
        make: (due, context, related) =>
          effects.revisions.make(
            due,
            {
              ...context,
              desk: { ...context.desk, signers: thief, role: { keys: [{ id: old }], threshold: 1 } },
            },
            related,
          ),
      };
      return publish(
        { paths: [], dryRun: false, allowFuture: false, listUnchanged: false },
        { ...effects, revisions },
      );
    });
    const { verdict, checks } = await newsroom.verify();
    expect(verdict).toBe('refused');
    expect(
      checks
        .filter(({ result }) => result === 'fail')
        .map(({ detail }) => detail)
        .join(),
    ).toContain(old);
  });
});
