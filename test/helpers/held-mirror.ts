import { CID } from 'multiformats/cid';
import { expect, onTestFinished } from 'vitest';
import { type GatewayServer, listen } from '../../src/node/gateway/server.ts';
import { openNode } from '../../src/node/node.ts';
import { openRepository } from '../../src/repo/open-repository.ts';
import type { BlockReader } from '../../src/unixfs/block.ts';
import { walkDag } from '../../src/unixfs/walk.ts';
import { initialiseMirror } from '../../src/workflows/initialise-mirror.ts';
import { gatewayEffects } from '../../src/workflows/serving/gateway-effects.ts';
import { temporaryFolder } from './folder.ts';

/** An edition that a mirror is to hold, and where its blocks are read. */
export interface ToHold {
  publication: string;
  edition: string;
  sequence: number;
  name: string | null;
  read: BlockReader;
}

/** A mirror that holds an edition, and shows it over HTTP until the test ends. Whether it is genuine is nobody's business here. */
export async function startHolder({ read, ...held }: ToHold, now: Date): Promise<GatewayServer> {
  const dir = temporaryFolder();
  await initialiseMirror({ dir, dryRun: false });
  const repository = openRepository(dir);
  const node = await openNode(repository);
  const blocks = [];
  for await (const { cid, bytes } of walkDag(CID.parse(held.edition), read))
    if (bytes !== undefined) blocks.push({ cid, bytes });
  repository.blockstore.putBatch(blocks);
  const { publication, edition, name } = held;
  const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
  const at = now.toISOString().replace('.000', '');
  repository.followed.add({ publication, target: publication, name, places: [], choice, added: at });
  repository.followed.move(publication, {
    ...held,
    heldBy: choice,
    manifest: publication,
    issued: at,
    expires: at,
    logSize: null,
    mirrors: [],
    held: {
      parts: [{ cid: edition, bytes: 0 }],
      blocks: [],
      bytes: 0,
      whole: true,
      left: { articles: 0, bytes: 0, why: [] },
    },
    at,
  });
  const effects = gatewayEffects({
    repository,
    read: node.read,
    served: {
      allows: () => true,
      refusal: () => undefined,
      refusesPath: () => undefined,
      catchUp: () => undefined,
    },
    view: { edition: () => undefined, followed: () => new Map([[publication, edition]]) },
    gatewayHosts: [],
    onDefect: (error) => expect.unreachable(String(error)),
    routers: [],
    lookUpTxt: undefined,
    any: false,
    now: () => now,
  });
  const server = await listen({ host: '127.0.0.1', port: 0 }, effects);
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    await node.stop();
    repository.close();
  });
  return server;
}
