/**
 * `node bench/conformance-fixtures.ts FIXTURES REPOSITORY`: puts the fixtures of gateway-conformance (its `extract-fixtures --merged=true
 * --dir=FIXTURES`) into a repository that `ovn init` made, for its suite to be run against
 *
 *     ovn serve --no-node --any --http 0.0.0.0:PORT --gateway-host example.com --dns-map FIXTURES/dnslinks.json
 *
 * with `--gateway-url http://127.0.0.1:PORT --subdomain-url http://example.com:PORT`. One of its tests asks for a host that nobody knows,
 * which is answered on addresses other than loopback only: a network namespace of its own keeps that apart.
 */
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readCar } from '../src/node/car.ts';
import { parseName } from '../src/node/names/name.ts';
import { readNameRecord } from '../src/node/names/record.ts';
import { openRepository } from '../src/repo/open-repository.ts';
import type { Repository } from '../src/repo/repository.ts';
import type { Block } from '../src/unixfs/block.ts';

const [fixtures = '', folder = ''] = process.argv.slice(2);
using repository = openRepository(folder);
const blocks = await putBlocks(repository, join(fixtures, 'fixtures.car'));
const records = await putRecords(repository, fixtures);
process.stdout.write(`${blocks} blocks, ${records} valid records\n`);

/** Some of the fixtures miss blocks on purpose, so that an import would refuse them. */
async function putBlocks({ blockstore }: Repository, path: string): Promise<number> {
  const all: Block[] = [];
  for await (const item of readCar(createReadStream(path))) if ('cid' in item) all.push(item);
  blockstore.putBatch(all);
  return all.length;
}

/** Some of the records are forged, and none of these may be kept. */
async function putRecords({ names }: Repository, path: string): Promise<number> {
  let count = 0;
  for (const file of await readdir(path)) {
    const name = file.endsWith('.ipns-record') ? parseName(file.split('_')[0] ?? '') : undefined;
    if (name === undefined) continue;
    const bytes = await readFile(join(path, file));
    const record = await readNameRecord(name, bytes, { now: new Date() }).catch(() => undefined);
    if (record !== undefined && names.put(record) === 'kept') count++;
  }
  return count;
}
