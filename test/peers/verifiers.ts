import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { peer } from './builds.ts';

/** What a foreign program says of something of ours. */
export interface Judgement {
  ok: boolean;
  /** Its own words: why not, or what it has checked. */
  said: string;
}

/** What `note-verify` reads; hashes are in base64. */
export interface NoteRequest {
  checkpoint: string;
  /** Verifier keys of logs and witnesses, each of which must have signed. */
  vkeys: readonly string[];
  /** That the entry is in the tree of the checkpoint. */
  inclusion?: { entry: Uint8Array; index: number; proof: readonly string[] };
  /** That an older tree is a beginning of it. */
  consistency?: { size: number; root: string; proof: readonly string[] };
}

/** What golang.org/x/mod says of a checkpoint and of proofs in its tree (torchwood of the witnesses' lines). */
export async function verifyNote({ inclusion, ...rest }: NoteRequest): Promise<Judgement> {
  const entry = inclusion === undefined ? undefined : Buffer.from(inclusion.entry).toString('base64');
  const request = entry === undefined ? rest : { ...rest, inclusion: { ...inclusion, entry } };
  return judgementOf('note-verify', await run('note-verify', [], JSON.stringify(request)));
}

/**
 * What torchwood's `VerifyProof` says of a C2SP tlog-proof. The policy is the text of a C2SP tlog-policy file:
 * `log VKEY` and `quorum none` on lines of their own accept a log that no witness has signed.
 */
export async function verifyProof(files: {
  policy: string;
  entry: Uint8Array;
  proof: string | Uint8Array;
}): Promise<Judgement> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'ovn-peer-'));
  const paths = Object.entries(files).map(([name, content]) => {
    const path = join(folder.path, name);
    writeFileSync(path, content);
    return path;
  });
  return judgementOf('verify-proof', await run('verify-proof', paths));
}

/** What Tessera's `fsck` says of the log below a URL (`http:` or `file:`), all of which it reads and rebuilds. */
export async function fsck(base: string, vkey: string): Promise<Judgement> {
  using folder = mkdtempDisposableSync(join(tmpdir(), 'ovn-peer-'));
  const key = join(folder.path, 'log.vkey');
  writeFileSync(key, vkey);
  // With one worker it waits for ever once a tile is wrong and others follow; its exit code is 0 whatever it found.
  const { said } = await run('fsck', ['--storage_url', base, '--public_key', key, '--ui=false', '--N=4']);
  return { ok: /Successfully fsck'd log/.test(said), said };
}

interface Outcome {
  code: number | string;
  said: string;
}

function judgementOf(program: string, { code, said }: Outcome): Judgement {
  if (code !== 0 && code !== 1) throw new Error(`${program} ended with ${code}: ${said}`);
  return { ok: code === 0, said };
}

async function run(program: string, args: readonly string[], input = ''): Promise<Outcome> {
  const path = peer(program);
  if (path === undefined) throw new Error(`${program} is not built: npm run peers`);
  const child = spawn(path, args, { timeout: 30_000 });
  // One that stops reading says why it did.
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code ?? signal, said: `${stdout}${stderr}`.trim() };
}
