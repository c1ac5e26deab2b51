/**
 * `node bench/conformance-gateway.ts FIXTURES ADDRESS PORT`: our gateway over the fixtures of gateway-conformance (`extract-fixtures
 * --merged=true --dir=FIXTURES`), for its own suite to be run against (docs/architecture.md). Ends on SIGTERM.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { unmarshalIPNSRecord } from 'ipns';
import { ipnsValidator } from 'ipns/validator';
import { base36 } from 'multiformats/bases/base36';
import { CID } from 'multiformats/cid';
import { OvnError } from '../src/errors.ts';
import { readCar } from '../src/node/car.ts';
import { canonicalName } from '../src/node/gateway/labels.ts';
import type { GatewayEffects, GivenRecord } from '../src/node/gateway/messages.ts';
import { listen } from '../src/node/gateway/server.ts';

interface NamedRecord extends GivenRecord {
  value: string;
}

async function readBlocks(folder: string): Promise<Map<string, Uint8Array>> {
  const blocks = new Map<string, Uint8Array>();
  for await (const item of readCar(createReadStream(join(folder, 'fixtures.car'))))
    if ('cid' in item) blocks.set(keyOf(item.cid), item.bytes);
  return blocks;
}

async function readRecords(folder: string): Promise<Map<string, NamedRecord>> {
  const records = new Map<string, NamedRecord>();
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ipns-record'));
  for (const file of files) {
    const name = canonicalName(file.split('_')[0] ?? '') ?? '';
    const bytes = await readFile(join(folder, file));
    const record = await validRecord(name, bytes);
    if (record !== undefined) records.set(name, record);
  }
  return records;
}

async function validRecord(name: string, bytes: Uint8Array): Promise<NamedRecord | undefined> {
  try {
    const key = Buffer.concat([Buffer.from('/ipns/'), CID.parse(name, base36).multihash.bytes]);
    await ipnsValidator(key, bytes);
    const { value, ttl = 0n, validity } = unmarshalIPNSRecord(bytes);
    return { bytes, value, ttl: Number(ttl / 1_000_000_000n), validUntil: new Date(validity) };
  } catch {
    return undefined;
  }
}

function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('base64');
}

const [folder = '.', host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const blocks = await readBlocks(folder);
const records = await readRecords(folder);
const { domains } = JSON.parse(await readFile(join(folder, 'dnslinks.json'), 'utf8')) as {
  domains: Record<string, string>;
};

const effects: GatewayEffects = {
  read: async (cid) => blocks.get(keyOf(cid)),
  head: () => undefined,
  gatewayHosts: ['example.com'],
  lookUpSite: async (name) => domains[name],
  nameRecord: async (name) => records.get(name),
  resolveName: async (path) => {
    let ttl = Number.POSITIVE_INFINITY;
    for (let at = path; ; ) {
      const [, namespace, id = '', ...rest] = at.split('/');
      if (namespace === 'ipfs') return { path: at, ttl };
      const record = records.get(canonicalName(id) ?? '');
      const value = record?.value ?? domains[id];
      if (value === undefined) throw new OvnError('not-found', `no record of ${id} is here`);
      ttl = Math.min(ttl, record?.ttl ?? 0);
      at = [value, ...rest].join('/');
    }
  },
  onDefect: (error) => console.error(error),
};

await using server = await listen({ host, port: Number(port) }, effects);
process.stdout.write(`${server.url}\n`);
await once(process, 'SIGTERM');
