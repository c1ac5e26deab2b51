import {
  chmodSync,
  closeSync,
  openSync,
  readdirSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PAGE_SIZE } from '../../src/repo/schema.ts';
import type { AuditReport } from '../../src/workflows/audit.ts';
import { runOvn } from '../helpers/program.ts';
import {
  CLOCK,
  cidAt,
  copyTo,
  dropBlock,
  makeIn,
  openIn,
  type Published,
  publishIn,
  sharedFolder,
  sourceOf,
  tamper,
  writeSources,
} from './support.ts';

const LIGHT = '2025/07/07/first-light';

/** What may be wrong with a repository, and the check that must find it. */
const DAMAGES: Record<
  string,
  { check: string; do: (dir: string, published: Published) => Promise<unknown> | unknown }
> = {
  'a byte of a block flipped': {
    check: 'blocks',
    do: (dir) =>
      tamper(dir, "UPDATE blocks SET bytes = CAST(x'ff' || substr(bytes, 2) AS BLOB) WHERE id = 5"),
  },
  'a block of the head gone': {
    check: 'kept',
    do: (dir, { edition }) => dropBlock(dir, `${edition}/index.html`),
  },
  'a page of an article gone': {
    check: 'head',
    do: (dir, { edition }) => dropBlock(dir, `${edition}/articles/${LIGHT}/index.html`),
  },
  'a block of an earlier edition gone': {
    check: 'kept',
    do: async (dir) => dropBlock(dir, `${await firstEdition(dir)}/index.html`),
  },
  'a block of a pin gone': {
    check: 'kept',
    do: async (dir) => {
      const cid = await cidAt(dir, `${await firstEdition(dir)}/feed.json`);
      tamper(dir, 'INSERT INTO pins (cid, name, kind) VALUES (?, ?, ?)', cid.toString(), 'old', 'cid');
      await dropBlock(dir, cid.toString());
    },
  },
  'an earlier manifest gone': {
    check: 'sequence',
    do: async (dir) => dropBlock(dir, `${await firstEdition(dir)}/manifest.json`),
  },
  'the row of an earlier manifest gone': {
    check: 'sequence',
    do: (dir) => tamper(dir, 'DELETE FROM manifests WHERE sequence = 1'),
  },
  'the row of the newest manifest gone': {
    check: 'index',
    do: (dir) => tamper(dir, 'DELETE FROM manifests WHERE sequence = 3'),
  },
  'another root at the head': {
    check: 'head',
    do: async (dir) =>
      tamper(dir, 'UPDATE manifests SET edition = ? WHERE sequence = 3', await firstEdition(dir)),
  },
  'no CID at the head': {
    check: 'head',
    do: (dir) => tamper(dir, "UPDATE manifests SET edition = 'nonsense' WHERE sequence = 3"),
  },
  'an event gone': {
    check: 'events',
    do: (dir) => tamper(dir, 'DELETE FROM events WHERE article = ? AND revision = 1', LIGHT),
  },
  'the last event gone': {
    check: 'events',
    do: (dir) => tamper(dir, 'DELETE FROM events WHERE id = (SELECT max(id) FROM events)'),
  },
  'the event of the masthead gone': {
    check: 'events',
    do: (dir) => tamper(dir, "DELETE FROM events WHERE kind = 'masthead'"),
  },
  'another CID in an event': {
    check: 'events',
    do: (dir) => tamper(dir, 'UPDATE events SET cid = ? WHERE revision = 2', 'bafkqaaa'),
  },
  'another kind in an event': {
    check: 'events',
    do: (dir) => tamper(dir, "UPDATE events SET kind = 'correction' WHERE revision = 2"),
  },
  'an event of an edition to come': {
    check: 'events',
    do: (dir) => tamper(dir, 'UPDATE events SET sequence = 9 WHERE id = (SELECT max(id) FROM events)'),
  },
  'another CID in the index': {
    check: 'index',
    do: (dir) => tamper(dir, 'UPDATE articles SET cid = ? WHERE id = ?', 'bafkqaaa', LIGHT),
  },
  'another headline in the index': {
    check: 'index',
    do: (dir) => tamper(dir, "UPDATE articles SET headline = 'Forged' WHERE id = ?", LIGHT),
  },
  'another date in the index': {
    check: 'index',
    do: (dir) => tamper(dir, "UPDATE articles SET date_modified = '2025-07-09' WHERE id = ?", LIGHT),
  },
  'another category in the index': {
    check: 'index',
    do: (dir) =>
      tamper(dir, `UPDATE articles SET categories = '[{"name":"World","slug":"world"}]' WHERE id = ?`, LIGHT),
  },
  'categories in the index that are no JSON': {
    check: 'index',
    do: (dir) => tamper(dir, "UPDATE articles SET categories = '[' WHERE id = ?", LIGHT),
  },
  'another size in the index': {
    check: 'index',
    do: (dir) => tamper(dir, 'UPDATE articles SET size = size + 1 WHERE id = ?', LIGHT),
  },
  'an article gone from the index': {
    check: 'index',
    do: (dir) => tamper(dir, 'DELETE FROM articles WHERE id = ?', LIGHT),
  },
  'an article gone from a category of the index': {
    check: 'index',
    do: (dir) => tamper(dir, 'DELETE FROM article_categories WHERE id = ?', LIGHT),
  },
  'another number of articles': {
    check: 'index',
    do: (dir) => tamper(dir, "UPDATE counts SET count = count + 1 WHERE category = 'science'"),
  },
  'a revision gone from the index': {
    check: 'events',
    do: (dir) => tamper(dir, 'DELETE FROM revisions WHERE article = ? AND revision = 1', LIGHT),
  },
  'a masthead that is another': {
    check: 'keys',
    do: (dir) => tamper(dir, "UPDATE mastheads SET bytes = CAST('{}' AS BLOB)"),
  },
  'a key that is none': { check: 'keys', do: (dir) => writeFileSync(keyOf(dir, 'desk'), 'nonsense') },
  'a key that others can read': { check: 'keys', do: (dir) => chmodSync(keyOf(dir, 'edition'), 0o644) },
};

describe('ovn check', () => {
  const folder = sharedFolder();
  let sound: string;
  let published: Published;

  beforeAll(async () => {
    sound = await makeIn(folder, {
      'first-light.md': sourceOf(),
      'harbour.md': sourceOf({ title: 'Harbour', categories: ['Science', 'World'] }),
    });
    await publishIn(sound);
    writeSources(join(sound, 'articles'), { 'first-light.md': sourceOf({ body: 'Changed.\n' }) });
    await publishIn(sound);
    writeSources(join(sound, 'articles'), { 'third.md': sourceOf({ title: 'Third' }) });
    published = await publishIn(sound);
  });

  async function check(dir: string): Promise<{ code: number | string; report: AuditReport; stderr: string }> {
    const { code, stdout, stderr } = await runOvn(['check', '--json'], { cwd: dir, env: CLOCK });
    return { code, report: JSON.parse(stdout) as AuditReport, stderr };
  }

  it('finds nothing in a sound repository, and says what it looked at', async () => {
    const { code, report } = await check(sound);
    expect(code).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.checks.map(({ name, result }) => `${name}: ${result}`)).toEqual(
      ['database', 'blocks', 'sequence', 'head', 'index', 'events', 'kept', 'followed', 'keys', 'names'].map(
        (name) => `${name}: pass`,
      ),
    );
  });

  it('finds nothing where nothing is published yet', async () => {
    const { code, report } = await check(await makeIn(folder));
    expect(code).toBe(0);
    expect(report.checks.find(({ name }) => name === 'head')?.detail).toBe('nothing is published yet');
  });

  it.concurrent.each(Object.entries(DAMAGES))('finds %s', async (_, { check: name, do: damage }) => {
    const dir = copyTo(folder, sound);
    await damage(dir, published);
    const { code, report, stderr } = await check(dir);
    expect(report.checks.find((each) => each.name === name)).toMatchObject({ result: 'fail' });
    expect(report.ok).toBe(false);
    expect(stderr).toMatch(/^ovn: the repository is damaged/m);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect(code).toBe(1);
  });

  it('says of a database that is damaged itself that it is, whatever was hit', async () => {
    const size = statSync(join(sound, '.ovn/ovn.db')).size;
    for (let at = 0; at < size; at += 3 * PAGE_SIZE) {
      const dir = copyTo(folder, sound);
      const file = openSync(join(dir, '.ovn/ovn.db'), 'r+');
      writeSync(file, Buffer.alloc(PAGE_SIZE, 0xa5), 0, PAGE_SIZE, at);
      closeSync(file);
      const { code, stderr } = await runOvn(['check'], { cwd: dir, env: CLOCK });
      expect(code, `garbage at ${at}`).toBe(1);
      expect(stderr).toMatch(/^ovn: .*(damaged|not a database)/m);
      expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    }
  });

  it.each([0, 100, 40_000])('says of a database cut to %i bytes that it is damaged', async (length) => {
    const dir = copyTo(folder, sound);
    truncateSync(join(dir, '.ovn/ovn.db'), length);
    const { code, stderr } = await runOvn(['check'], { cwd: dir, env: CLOCK });
    expect(stderr).toMatch(/^ovn: .*(damaged|not a database)/m);
    expect(stderr).not.toMatch(/unexpected|\n\s+at /);
    expect(code).toBe(1);
  });
});

async function firstEdition(dir: string): Promise<string> {
  await using open = await openIn(dir);
  return open.repository.manifests().at(-1)?.edition ?? '';
}

function keyOf(dir: string, role: string): string {
  const keys = join(dir, '.ovn/keys');
  return join(keys, readdirSync(keys).find((name) => name.startsWith(role)) ?? '');
}
