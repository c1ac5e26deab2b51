/**
 * `node bench/conformance-gateway.ts FIXTURES [ADDRESS] [PORT]`: our gateway over the fixtures of gateway-conformance (its `extract-fixtures
 * --merged=true --dir=FIXTURES`), for its suite to be run against: `example.com` has subdomains, as `--subdomain-url` expects.
 * One of its tests asks for a host that nobody knows, which is answered on addresses other than loopback only. Ends on SIGTERM.
 */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CID } from 'multiformats/cid';
import { readCar } from '../src/node/car.ts';
import { listen } from '../src/node/gateway/server.ts';
import { readDnsMap, txtFromMap } from '../src/node/names/dns-map.ts';
import { formatName, parseName } from '../src/node/names/name.ts';
import { type NameRecord, readNameRecord } from '../src/node/names/record.ts';
import { nameResolver } from '../src/node/names/resolver.ts';

const [folder = '.', host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const blocks = await readBlocks(join(folder, 'fixtures.car'));
const records = await readRecords(folder);
const domains = readDnsMap(join(folder, 'dnslinks.json'));
const resolveName = nameResolver({
  records: { get: (name) => records.get(formatName(name)), put: () => 'same' },
  routers: [],
  lookUpTxt: txtFromMap(domains),
  now: () => new Date(),
});

await using server = await listen(
  { host, port: Number(port) },
  {
    read: async (cid) => blocks.get(keyOf(cid)),
    head: () => undefined,
    gatewayHosts: ['example.com'],
    lookUpSite: async (name) => domains.get(name),
    nameRecord: async (name) => records.get(name),
    resolveName,
    onDefect: (error) => process.stderr.write(`${error instanceof Error ? error.stack : error}\n`),
  },
);
process.stdout.write(`${server.url}\n`);
await once(process, 'SIGTERM');

async function readBlocks(path: string): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  for await (const item of readCar(createReadStream(path)))
    if ('cid' in item) found.set(keyOf(item.cid), item.bytes);
  return found;
}

/** The records that are valid: some fixtures are forged, and none of these may be had. */
async function readRecords(path: string): Promise<Map<string, NameRecord>> {
  const found = new Map<string, NameRecord>();
  for (const file of await readdir(path)) {
    const name = file.endsWith('.ipns-record') ? parseName(file.split('_')[0] ?? '') : undefined;
    if (name === undefined) continue;
    const bytes = await readFile(join(path, file));
    const record = await readNameRecord(name, bytes, { now: new Date() }).catch(() => undefined);
    if (record !== undefined) found.set(formatName(name), record);
  }
  return found;
}

function keyOf(cid: CID): string {
  return Buffer.from(cid.multihash.bytes).toString('base64');
}
