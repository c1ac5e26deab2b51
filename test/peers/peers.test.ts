import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from '../helpers/folder.ts';
import { fsck, noPeers, startWitness, verifyNote, verifyProof, type Witness } from '../helpers/peers.ts';
import { hasVectors, vectors } from '../helpers/vectors.ts';
import { smallLog } from './small-log.ts';

const ENTRIES = [Buffer.from('one'), Buffer.from('two')] as const;
const log = smallLog('log.example/one', [...ENTRIES]);
const other = smallLog('log.example/other', [...ENTRIES]);

describe.skipIf(noPeers)('note-verify', () => {
  const checkpoint = log.checkpoint(2);
  const vkeys = [log.vkey];

  it.skipIf(!hasVectors)('accepts the published cosignatures, and no changed one', async () => {
    const folder = vectors('tlog/witness2');
    const { verifier_keys } = JSON.parse(readFileSync(join(folder, 'witness.v0.json'), 'utf8'));
    const origin = '88ad7a28caeb0b2aa890fdf0304c2fcaf59fca2ee140134ff8c1300bac493482';
    const published = readFileSync(join(folder, origin, 'checkpoint'), 'utf8');
    expect(await verifyNote({ checkpoint: published, vkeys: verifier_keys })).toStrictEqual({
      ok: true,
      said: 'milan2026h1.example.org 300',
    });
    const changed = published.replace('\n300\n', '\n301\n');
    expect(await verifyNote({ checkpoint: changed, vkeys: verifier_keys })).toStrictEqual({
      ok: false,
      said: expect.stringMatching(/^checkpoint: invalid signature/),
    });
  });

  it('wants the signature of every key', async () => {
    expect(await verifyNote({ checkpoint, vkeys })).toMatchObject({ ok: true });
    expect(await verifyNote({ checkpoint, vkeys: [log.vkey, other.vkey] })).toStrictEqual({
      ok: false,
      said: expect.stringMatching(/^checkpoint: verifier "log.example\/other" .* did not sign$/),
    });
  });

  it('checks inclusion', async () => {
    const inclusion = { entry: ENTRIES[1], index: 1, proof: [log.leaf(0)] };
    expect(await verifyNote({ checkpoint, vkeys, inclusion })).toMatchObject({ ok: true });
    const moved = { ...inclusion, index: 0 };
    expect(await verifyNote({ checkpoint, vkeys, inclusion: moved })).toStrictEqual({
      ok: false,
      said: expect.stringMatching(/^inclusion: /),
    });
  });

  it('checks consistency', async () => {
    const consistency = { size: 1, root: log.root(1), proof: [log.leaf(1)] };
    expect(await verifyNote({ checkpoint, vkeys, consistency })).toMatchObject({ ok: true });
    const rewritten = { ...consistency, root: log.leaf(1) };
    expect(await verifyNote({ checkpoint, vkeys, consistency: rewritten })).toStrictEqual({
      ok: false,
      said: expect.stringMatching(/^consistency: /),
    });
  });

  it('takes a request that it does not understand for no answer at all', async () => {
    await expect(verifyNote({ checkpoint, vkeys: [] })).rejects.toThrow('it names no vkeys');
    const misspelt = { checkpoint, vkeys, inclusoin: {} };
    await expect(verifyNote(misspelt)).rejects.toThrow('unknown field "inclusoin"');
  });
});

describe.skipIf(noPeers)('verify-proof', () => {
  const proof = `c2sp.org/tlog-proof@v1\nindex 1\n${log.leaf(0)}\n\n${log.checkpoint(2)}`;
  const policy = `log ${log.vkey}\nquorum none\n`;

  it('accepts the entry of a proof, and no other', async () => {
    expect(await verifyProof({ policy, entry: ENTRIES[1], proof })).toStrictEqual({ ok: true, said: '' });
    expect(await verifyProof({ policy, entry: ENTRIES[0], proof })).toStrictEqual({
      ok: false,
      said: 'tlog record inclusion proof verification failed for index 1',
    });
  });

  it('refuses the log of another key, and a policy that says nothing', async () => {
    const foreign = `log ${other.vkey}\nquorum none\n`;
    expect(await verifyProof({ policy: foreign, entry: ENTRIES[1], proof })).toMatchObject({ ok: false });
    await expect(verifyProof({ policy: '', entry: ENTRIES[1], proof })).rejects.toThrow('no quorum');
  });
});

describe.skipIf(noPeers)('fsck', () => {
  it('walks a log over HTTP and as files', async () => {
    const folder = temporaryFolder();
    log.write(folder);
    const base = await serve(folder);
    expect(await fsck(base, log.vkey)).toMatchObject({ ok: true });
    expect(await fsck(`${pathToFileURL(folder)}/`, log.vkey)).toMatchObject({ ok: true });
  });

  it('refuses an entry, a tile and a key that are not those of the log', async () => {
    const folder = temporaryFolder();
    log.write(folder);
    const base = `${pathToFileURL(folder)}/`;
    expect(await fsck(base, other.vkey)).toMatchObject({ ok: false });
    writeFileSync(join(folder, 'tile/0/000.p/2'), Buffer.alloc(64));
    expect(await fsck(base, log.vkey)).toStrictEqual({
      ok: false,
      said: expect.stringContaining('tile/0/000'),
    });
    other.write(folder);
    writeFileSync(join(folder, 'tile/entries/000.p/2'), '\0\x03one\0\x03too');
    expect(await fsck(base, other.vkey)).toMatchObject({ ok: false });
  });
});

describe.skipIf(noPeers)('litewitness', () => {
  it('cosigns a log that it knows, and no other', async () => {
    await using witness = await startWitness({ logs: [log] });
    const response = await submit(witness, 'old 0', log.checkpoint(1));
    expect(response.status).toBe(200);
    const checkpoint = log.checkpoint(1) + (await response.text());
    expect(await verifyNote({ checkpoint, vkeys: [log.vkey, witness.vkey] })).toMatchObject({ ok: true });
    expect((await submit(witness, 'old 0', other.checkpoint(1))).status).toBe(404);
    witness.addLog(other);
    expect((await submit(witness, 'old 0', other.checkpoint(1))).status).toBe(200);
  });

  it('says where it is, and refuses a proof that does not lead on from there', async () => {
    await using witness = await startWitness({ logs: [log], name: 'witness.example/two' });
    expect(witness.vkey).toMatch(/^witness\.example\/two\+[0-9a-f]{8}\+B/);
    await submit(witness, 'old 0', log.checkpoint(1));
    const late = await submit(witness, 'old 0', log.checkpoint(2));
    expect([late.status, late.headers.get('content-type')]).toStrictEqual([409, 'text/x.tlog.size']);
    expect(await late.text()).toBe('1\n');
    expect((await submit(witness, `old 1\n${log.leaf(0)}`, log.checkpoint(2))).status).toBe(422);
    expect(witness.sizeOf(log.origin)).toBe(1);
    expect((await submit(witness, `old 1\n${log.leaf(1)}`, log.checkpoint(2))).status).toBe(200);
    expect(witness.sizeOf(log.origin)).toBe(2);
    expect(witness.sizeOf(other.origin)).toBeUndefined();
  });

  it('remembers across a crash', async () => {
    await using witness = await startWitness({ logs: [log] });
    await submit(witness, 'old 0', log.checkpoint(1));
    const { vkey } = witness;
    await witness.stop();
    await expect(submit(witness, 'old 0', log.checkpoint(1))).rejects.toThrow('fetch failed');
    await witness.start();
    expect(witness.vkey).toBe(vkey);
    expect((await submit(witness, `old 1\n${log.leaf(1)}`, log.checkpoint(2))).status).toBe(200);
  });

  it('hangs, and goes on', async () => {
    await using witness = await startWitness({ logs: [log] });
    witness.pause();
    const timeout = AbortSignal.timeout(200);
    await expect(submit(witness, 'old 0', log.checkpoint(1), timeout)).rejects.toThrow('timeout');
    witness.resume();
    // It may or may not have come to what nobody waits for any more.
    expect([200, 409]).toContain((await submit(witness, 'old 0', log.checkpoint(1))).status);
    expect((await submit(witness, 'old 1', log.checkpoint(1))).status).toBe(200);
  });

  it('without its key moves on and does not sign, and signs the same tree once it has it', async () => {
    await using witness = await startWitness({ logs: [log] });
    await witness.loseKey();
    expect((await submit(witness, 'old 0', log.checkpoint(1))).status).toBe(500);
    expect(witness.sizeOf(log.origin)).toBe(1);
    await witness.stop();
    await witness.start();
    expect((await submit(witness, 'old 0', log.checkpoint(1))).status).toBe(409);
    expect((await submit(witness, 'old 1', log.checkpoint(1))).status).toBe(200);
  });
});

function submit(witness: Witness, head: string, checkpoint: string, signal?: AbortSignal): Promise<Response> {
  const body = `${head}\n\n${checkpoint}`;
  return fetch(`${witness.url}/add-checkpoint`, { method: 'POST', body, signal: signal ?? null });
}

/** The URL of a folder's files; gone after the test. */
async function serve(folder: string): Promise<string> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, request.url ?? '')));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
