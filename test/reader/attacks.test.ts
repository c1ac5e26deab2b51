import { describe, expect, it } from 'vitest';
import { canonicalBytes } from '../../src/bundle/canonical-json.ts';
import { signCheckpoint } from '../../src/log/checkpoint.ts';
import { ENTRY_FORMAT } from '../../src/log/entry.ts';
import { buildMasthead, signMasthead } from '../../src/trust/build-masthead.ts';
import { parseMasthead } from '../../src/trust/parse-masthead.ts';
import { LoggedPaper, offer, type PaperEdition } from '../helpers/logged-paper.ts';
import { fileCid } from '../helpers/manifest-parts.ts';
import { testSigner } from '../helpers/signers.ts';
import { detailOf, expectRefusal, judgeEvidence, memoryOf, newPaper, ONE, read, TWO } from './support.ts';

const STRANGER = testSigner('stranger');

/** A paper, the memory of who read its first edition, and a twin that goes another way from there. */
async function forkedPaper() {
  const paper = await newPaper();
  const memory = await memoryOf([offer(paper.newest)]);
  return { paper, twin: paper.clone(), memory };
}

/** The documents of some bundles changed, as a mirror that keeps the signatures would. */
function withDocuments(edition: PaperEdition, change: (article: Record<string, unknown>) => object) {
  const bundles = edition.bundles.map((bundle) => ({
    ...bundle,
    document: canonicalBytes(change(JSON.parse(Buffer.from(bundle.document).toString()))),
  }));
  return offer(edition, { looked: { kind: 'edition', root: edition.root, bundles } });
}

describe('a mirror that changes what it passes on', () => {
  it('is refused for an edited body', async () => {
    const { newest } = await newPaper();
    const edited = withDocuments(newest, (article) => ({ ...article, articleBody: 'Other text.\n' }));
    expectRefusal(await read(undefined, edited), 'log-record', /the signature of did:key:\S+ does not fit/);
  });

  it('is refused for swapped media', async () => {
    const { newest } = await newPaper();
    const file = {
      path: 'media/a-12345678.png',
      cid: fileCid('other'),
      size: 1,
      type: 'image/png',
      role: 'image',
    };
    const swapped = withDocuments(newest, (article) => ({ ...article, files: [file] }));
    expectRefusal(await read(undefined, swapped), 'log-record', /does not fit/);
  });

  it('is refused for a forged front page under a genuine manifest', async () => {
    const { newest } = await newPaper();
    const forge = (name: string, cid: string) => ({
      name,
      cid: name === 'index.html' ? fileCid('evil') : cid,
    });
    const root = newest.root.map(({ name, cid }) => forge(name, cid));
    const forged = offer(newest, { looked: { kind: 'edition', root, bundles: newest.bundles } });
    expectRefusal(await read(undefined, forged), 'log-record', /index.html is .*; the manifest says/);
  });

  it('is refused for an article that is left out, and for one of its earlier revisions', async () => {
    const paper = await newPaper();
    paper.revise(ONE);
    const { root, bundles } = await paper.issue();
    const without = (at: number) =>
      offer(paper.newest, { looked: { kind: 'edition', root, bundles: bundles.toSpliced(at, 1) } });
    expectRefusal(await read(undefined, without(2)), 'log-record', /two was logged, and is not there/);
    expectRefusal(
      await read(undefined, without(0)),
      'log-record',
      /revision 1 of .*one was logged, and is not/,
    );
  });

  it('is refused for mixed editions', async () => {
    const paper = await newPaper();
    const old = paper.newest;
    paper.revise(ONE);
    const next = await paper.issue();
    const mixed = (over: Partial<PaperEdition>) => read(undefined, offer({ ...next, ...over }));
    expectRefusal(await mixed({ bundles: old.bundles }), 'log-record', /shown as of revision 1/);
    expectRefusal(await mixed({ root: old.root }), 'log-record', /articles is .*; the manifest says/);
    expectRefusal(await mixed({ files: old.files }), 'checkpoint', /tile\/0\/000.p\/5 of the log is missing/);
    const { checkpoint, files } = old;
    expectRefusal(await mixed({ checkpoint, files }), 'checkpoint', /the checkpoint is of 3 entries/);
    expectRefusal(await mixed({ checkpoint: undefined }), 'checkpoint', /log\/checkpoint is missing/);
  });

  it('is refused for an older edition offered as the newest', async () => {
    const { paper, memory } = await forkedPaper();
    const old = paper.newest;
    paper.revise(ONE);
    const next = await read(memory, offer(await paper.issue()));
    const refused = await read(next.memory, offer(old));
    expectRefusal(refused, 'rollback', /sequence 1; 2 was seen/, next.memory);
    expect(judgeEvidence(refused)).toMatchObject({
      kind: 'rollback',
      verdict: 'genuine',
      publication: paper.id,
    });
  });

  it('is refused for a masthead fewer than were seen, and for a gap', async () => {
    const { paper, memory } = await forkedPaper();
    paper.addKey('desk');
    paper.addKey('desk');
    const next = await read(memory, offer(await paper.issue()));
    const [one, two, three] = paper.mastheads as [Uint8Array, Uint8Array, Uint8Array];
    const given = (...mastheads: Uint8Array[]) => read(next.memory, offer(paper.newest, { mastheads }));
    expectRefusal(await given(one, two), 'mastheads', /ends at masthead 2; masthead 3 was seen/, next.memory);
    expectRefusal(await given(one, three), 'mastheads', /version 3 stands in its place/, next.memory);
    expectRefusal(await given(one, three, two), 'mastheads', /version 3 stands/, next.memory);
  });
});

describe('a thief of the name key', () => {
  it('leads to another publication, or to an older edition, and is refused for it', async () => {
    const { paper, memory } = await forkedPaper();
    const name = { sequence: 999, expires: '2030-01-01T00:00:00Z' };
    const other = new LoggedPaper('other');
    other.revise(ONE);
    const forged = offer(await other.issue(), { name });
    expectRefusal(
      await read(memory, forged),
      'mastheads',
      /it is of publication .*; what is remembered/,
      memory,
    );
    const old = paper.newest;
    paper.revise(ONE);
    const next = await read(memory, offer(await paper.issue()));
    expectRefusal(await read(next.memory, offer(old, { name })), 'rollback', /2 was seen/, next.memory);
  });

  it('cannot bring an older name record back', async () => {
    const { newest } = await newPaper();
    const named = (sequence: number) =>
      offer(newest, { name: { sequence, expires: '2030-01-01T00:00:00Z' } });
    const { memory } = await read(undefined, named(5));
    expectRefusal(await read(memory, named(4)), 'name-record', /number 4; number 5 was seen before/, memory);
  });
});

describe('a stranger’s key', () => {
  it('signs no manifest', async () => {
    const { paper, memory } = await forkedPaper();
    const forged = await paper.issue({ signers: [STRANGER] });
    expectRefusal(await read(memory, offer(forged)), 'manifest-signed', /key-authorised|signature/, memory);
  });

  it('signs no article', async () => {
    const paper = await newPaper();
    paper.revise('2026/01/09/new', 'publish', { desk: STRANGER });
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(refused, 'log-record', /no desk key of masthead 1 signed it/);
  });

  it('signs no checkpoint', async () => {
    const paper = await newPaper();
    const refused = await read(undefined, offer(await paper.issue({ logSigners: [STRANGER] })));
    expectRefusal(refused, 'checkpoint', /signed by 0 of 1 keys of the log/);
  });

  it('signs no masthead, not even beside the new keys', async () => {
    const { paper, memory } = await forkedPaper();
    paper.keys = { ...paper.keys, masthead: [STRANGER] };
    paper.changeMasthead([STRANGER]);
    const refused = await read(memory, offer(await paper.issue()));
    expectRefusal(refused, 'mastheads', /masthead 2: 0 of the 1 signatures that are needed/, memory);
  });
});

describe('a key that was taken away', () => {
  it('back-dates no article once it is retired', async () => {
    const paper = await newPaper();
    const [retired] = paper.keys.desk;
    paper.addKey('desk');
    paper.revise('2025/12/31/old', 'publish', { desk: retired!, masthead: 1 });
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(refused, 'log-record', /old, revision 1, entry 5 .*: no desk key of masthead 2 signed it/);
  });

  it('back-dates no article that is not in the log at all', async () => {
    const { paper, memory } = await forkedPaper();
    const [retired] = paper.keys.desk;
    paper.addKey('desk');
    const edition = await paper.issue();
    const document = paper.article('2025/12/31/old', 1, false, { desk: retired!, masthead: 1 });
    const bundle = { id: '2025/12/31/old', cid: paper.bundles()[0]!.cid, place: 'alone' as const, document };
    const refused = await read(memory, offer(edition, { looked: { kind: 'article', bundle } }));
    expectRefusal(refused, 'log-record', /no desk key of masthead 2/, {
      ...memory,
      mastheads: paper.mastheads,
    });
  });

  it('disowns what it signed from the entry on that it is revoked from, and nothing before', async () => {
    const paper = await newPaper();
    const [revoked] = paper.keys.desk;
    paper.addKey('desk', { instead: false });
    paper.revoke('desk', revoked!.did, 2);
    const edition = await paper.issue();
    const looked = (at: number) => {
      const bundle = { ...edition.bundles[at]!, place: 'alone' as const };
      return read(undefined, offer(edition, { looked: { kind: 'article', bundle } }));
    };
    expectRefusal(await looked(1), 'log-record', /two, revision 1, is disowned/);
    expect((await looked(0)).verdict).toBe('current');
    const whole = await read(undefined, offer(edition));
    expect(whole.verdict).toBe('current');
    expect(detailOf(whole, 'log-record')).toMatch(/disowned, of revoked keys: 2026.01.02.two, revision 1$/);
  });

  it('signs nothing new once it is revoked', async () => {
    const paper = await newPaper();
    const [revoked] = paper.keys.desk;
    paper.addKey('desk', { instead: false });
    paper.revoke('desk', revoked!.did, 1000);
    paper.revise('2025/12/31/old', 'publish', { desk: revoked!, masthead: 1 });
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(refused, 'log-record', /old, revision 1, entry 6 .*: no desk key of masthead 3 signed it/);
  });

  it('signs no article outside of its categories', async () => {
    const paper = await newPaper();
    const sport = paper.addKey('desk', { instead: false, categories: ['sport'] });
    paper.revise('2026/01/09/fair', 'publish', { desk: sport, categories: ['sport'] });
    expect((await read(undefined, offer(await paper.issue()))).verdict).toBe('current');
    paper.revise('2026/01/09/foul', 'publish', { desk: sport, categories: ['science', 'sport'] });
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(refused, 'log-record', /foul.*may not sign for science, sport/);
  });

  it('signs no edition, and disowns those from the entry on that it is revoked from', async () => {
    const { paper, memory } = await forkedPaper();
    const [old] = paper.keys.edition;
    paper.revise(ONE);
    const second = await paper.issue();
    paper.addKey('edition', { instead: false });
    paper.revoke('edition', old!.did, 4);
    const third = await paper.issue();
    const known = { ...memory, mastheads: paper.mastheads };
    const forged = await paper.clone().issue({ signers: [old!] });
    expectRefusal(await read(known, offer(forged)), 'manifest-signed', /edition keys|none by a key/, known);
    const later = (await read(known, offer(third))).accepted?.log;
    const disowned = await read(known, offer(second), { namedBy: 'cid', later });
    expectRefusal(disowned, 'manifest-signed', /revoked from before it on|it is entry/, known);
    const first = await read(known, offer(paper.editions[0]!), { namedBy: 'cid', later });
    expect(first.verdict).not.toBe('refused');
  });
});

describe('a publisher who tells two stories', () => {
  it('is refused for two manifests of one sequence, with both as evidence', async () => {
    const { paper, twin, memory } = await forkedPaper();
    paper.revise(ONE);
    twin.revise(TWO);
    const { memory: seen } = await read(memory, offer(await paper.issue()));
    const refused = await read(seen, offer(await twin.issue()), { namedBy: 'cid' });
    expectRefusal(refused, 'rollback', /two manifests of sequence 2/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'equivocation', verdict: 'proven' });
  });

  it('is refused for an edition that follows another one than was seen', async () => {
    const { paper, twin, memory } = await forkedPaper();
    paper.revise(ONE);
    twin.revise(TWO);
    await twin.issue();
    twin.revise(ONE);
    const { memory: seen } = await read(memory, offer(await paper.issue()));
    const refused = await read(seen, offer(await twin.issue()));
    expectRefusal(refused, 'rollback', /manifest 3 follows bafk\w+, not bafk/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'equivocation', verdict: 'proven' });
  });

  it('is refused for a forked log, with both checkpoints as evidence', async () => {
    const { paper, twin, memory } = await forkedPaper();
    paper.revise(ONE);
    for (const id of [TWO, ONE, TWO]) {
      twin.revise(id);
      await twin.issue();
    }
    const { memory: seen } = await read(memory, offer(await paper.issue()));
    const refused = await read(seen, offer(twin.newest));
    expectRefusal(refused, 'fork', /the log of 9 entries does not begin with the 5 seen/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'fork', verdict: 'proven' });
  });

  it('is refused for an older fork of a log that is at hand', async () => {
    const { paper, twin, memory } = await forkedPaper();
    twin.revise(TWO);
    const forked = await twin.issue();
    for (const id of [ONE, TWO, ONE]) {
      paper.revise(id);
      await paper.issue();
    }
    const { memory: seen, accepted } = await read(memory, offer(paper.newest));
    const refused = await read(seen, offer(forked), { namedBy: 'cid', later: accepted?.log });
    expectRefusal(refused, 'fork', /does not begin with the 5 seen/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'fork', verdict: 'proven' });
  });

  it('is refused for two manifests over one log, by the log’s own entry', async () => {
    const { paper, twin, memory } = await forkedPaper();
    const shown = await twin.issue({ manifest: { mirrors: ['https://other.example'] } });
    const { memory: seen } = await read(memory, offer(shown));
    await paper.issue();
    paper.revise(ONE);
    await paper.issue();
    paper.revise(ONE);
    const refused = await read(seen, offer(await paper.issue()));
    expectRefusal(refused, 'log-sequence', /entry 4 of the log names bafk\w+ as edition 2, not bafk/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'log-contradiction', verdict: 'proven' });
  });

  it('is refused for two manifests over one log that show each other', async () => {
    const paper = await newPaper();
    const again = { format: ENTRY_FORMAT, kind: 'edition', sequence: 2, cid: fileCid('twin') } as const;
    const refused = await read(undefined, offer(await paper.issue({ entries: (due) => [...due, again] })));
    expectRefusal(refused, 'log-sequence', /entry 4 of the log names \w+ as edition 2/);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'log-contradiction', verdict: 'proven' });
  });

  it('is refused for two mastheads of one version', async () => {
    const { paper, twin, memory } = await forkedPaper();
    paper.addKey('desk');
    twin.addKey('edition');
    const { memory: seen } = await read(memory, offer(await paper.issue()));
    const refused = await read(seen, offer(await twin.issue()));
    expectRefusal(refused, 'mastheads', /masthead 2 is not the one that was seen before/, seen);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'masthead-fork', verdict: 'proven' });
  });

  it('is refused for a log that is shorter, or gone', async () => {
    const { paper, memory } = await forkedPaper();
    const empty = new LoggedPaper();
    empty.articles = paper.articles;
    empty.editions = [...paper.editions];
    const refused = await read(memory, offer(await empty.issue({ withoutLog: true })));
    expectRefusal(refused, 'rollback', /the log had 3 entries at sequence 1, and 0 at 2/, memory);
    expect(judgeEvidence(refused)).toMatchObject({ kind: 'equivocation', verdict: 'proven' });
  });
});

describe('a log that does not bear out what is shown', () => {
  it('is refused for an entry that was dropped', async () => {
    const paper = await newPaper();
    paper.revise('2026/01/09/new');
    const dropped = await paper.issue({ entries: (due) => due.filter(({ kind }) => kind === 'edition') });
    expectRefusal(
      await read(undefined, offer(dropped)),
      'log-record',
      /new, revision 1, is there and was never/,
    );
  });

  it('is refused for a hidden retraction', async () => {
    const paper = await newPaper();
    paper.revise(ONE, 'retraction');
    paper.articles.set(ONE, paper.articles.get(ONE)!.slice(0, 1));
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(
      refused,
      'log-record',
      /one is shown as of revision 1; its retraction, revision 2, was logged/,
    );
  });

  it('is refused for a retraction that the article does not tell', async () => {
    const paper = await newPaper();
    paper.revise(ONE, 'retraction');
    const entry = paper.due.at(-1) as { cid: string };
    const silent = paper.article(ONE, 2, false);
    paper.articles.set(ONE, [
      paper.articles.get(ONE)![0]!,
      { kind: 'retraction', cid: entry.cid, document: silent },
    ]);
    const refused = await read(undefined, offer(await paper.issue()));
    expectRefusal(refused, 'log-record', /one is published; the log has its revision 2 as a retraction/);
  });

  it('is refused for another revision than was logged', async () => {
    const paper = await newPaper();
    const { newest } = paper;
    const bundle = { ...newest.bundles[0]!, place: 'alone' as const, cid: newest.bundles[1]!.cid };
    const refused = await read(undefined, offer(newest, { looked: { kind: 'article', bundle } }));
    expectRefusal(refused, 'log-record', /one, revision 1, is bafy\w+; the log says bafy/);
  });

  it('is refused for a sequence that it does not bear out', async () => {
    const { paper, memory } = await forkedPaper();
    const previous = paper.newest.cid;
    const jump = await paper.clone().issue({ manifest: { sequence: 7, previous } });
    expectRefusal(
      await read(memory, offer(jump)),
      'log-sequence',
      /sequence is 7; the log has 1 editions/,
      memory,
    );
    const absurd = await paper.clone().issue({ manifest: { sequence: 2 ** 52, previous } });
    expectRefusal(
      await read(memory, offer(absurd)),
      'bytes',
      /a sequence of \d+; more .* is not believed/,
      memory,
    );
    const endless = Array.from({ length: 20 }, () => new Uint8Array(256 * 1024));
    const refused = await read(memory, offer(paper.newest, { mastheads: endless }));
    expectRefusal(refused, 'bytes', /a masthead chain in bytes of 5242880/, memory);
  });

  it('is refused for a masthead that was not logged, or another than the chain’s', async () => {
    const paper = await newPaper();
    paper.addKey('desk');
    const unlogged = await paper
      .clone()
      .issue({ entries: (due) => due.filter(({ kind }) => kind !== 'masthead') });
    const refused = await read(undefined, offer(unlogged));
    expectRefusal(refused, 'log-sequence', /the log has 1 mastheads; the manifest names masthead 2/);
    const other = await paper.issue({
      entries: (due) =>
        due.map((entry) => (entry.kind === 'masthead' ? { ...entry, cid: fileCid('x') } : entry)),
    });
    expectRefusal(await read(undefined, offer(other)), 'log-sequence', /names \w+ as masthead 2/);
  });

  it('is refused for a checkpoint of another origin', async () => {
    const paper = await newPaper();
    const signer = paper.noteSigner(paper.keys.log[0]!);
    const checkpoint = signCheckpoint('log.example/other', paper.head, [signer]);
    const refused = await read(undefined, offer(paper.newest, { checkpoint }));
    expectRefusal(refused, 'checkpoint', /it is of the log log.example\/other, not ovn.log/);
    const stranger = new LoggedPaper('other');
    stranger.revise(ONE);
    const { checkpoint: theirs } = await stranger.issue();
    expectRefusal(
      await read(undefined, offer(paper.newest, { checkpoint: theirs })),
      'checkpoint',
      /of the log/,
    );
  });

  it('is refused for a manifest that names another origin', async () => {
    const paper = await newPaper();
    const log = { origin: 'log.example/other', size: 3, root: Buffer.alloc(32).toString('base64') };
    const refused = await read(undefined, offer(await paper.issue({ manifest: { log } })));
    expectRefusal(refused, 'manifest-signed', /log: the log is log.example\/other/);
  });
});

describe('masthead rules', () => {
  it('let no origin and no revocation change', async () => {
    const paper = await newPaper();
    paper.addKey('desk', { instead: false });
    paper.revoke('desk', paper.keys.desk[0]!.did, 3);
    const next = parseMasthead(paper.mastheads.at(-1)!);
    const { masthead, edition, desk, log, name } = next.roles;
    const parts = {
      version: 4,
      expires: new Date('2030-01-01T00:00:00Z'),
      origin: next.origin,
      keys: {
        masthead: masthead.keys,
        edition: edition.keys,
        desk: desk.keys,
        log: log.keys,
        name: name.keys,
      },
    };
    const given = (over: object) => {
      const bytes = signMasthead(buildMasthead({ ...parts, ...over }), paper.keys.masthead);
      return read(undefined, offer(paper.newest, { mastheads: [...paper.mastheads, bytes] }));
    };
    expectRefusal(await given({}), 'mastheads', /masthead 4: the revocation of did:key:\S+ is gone/);
    const revoked = next.revoked ?? [];
    expectRefusal(await given({ revoked, origin: 'other.example' }), 'mastheads', /the origin changed/);
    expect(detailOf(await given({ revoked }), 'mastheads')).toContain('4 mastheads');
  });
});
