import { CID } from 'multiformats/cid';
import { expect, it } from 'vitest';
import type { Repository } from '../../../src/repo/repository.ts';
import { walkDag } from '../../../src/unixfs/walk.ts';
import { initialiseMirror } from '../../../src/workflows/initialise-mirror.ts';
import { temporaryFolder } from '../../helpers/folder.ts';
import { Homesteads } from '../../helpers/homes.ts';
import { Newsroom } from '../../helpers/newsroom.ts';

/** Takes over the head edition of a paper, as a sync does. */
function follow(paper: Repository, mirror: Repository, whole: boolean): string {
  const { edition = '', manifest = '', sequence = 0, issued = '', expires = '' } = paper.head() ?? {};
  const publication = paper.publicationId;
  const choice = { categories: null, maxBytes: null, since: null, keep: 1 };
  mirror.followed.add({ publication, target: publication, name: null, places: [], choice, added: issued });
  const left = { articles: 0, bytes: 0, why: [] };
  const held = { parts: [{ cid: edition, bytes: 1 }], blocks: [], bytes: 1, whole, left };
  const at = { logSize: 1, name: null, mirrors: [], held, heldBy: choice, at: issued };
  mirror.followed.move(publication, { edition, manifest, sequence, issued, expires, ...at });
  return edition;
}

it('gives what a mirror holds whole of others to its homes', async () => {
  const paper = await Homesteads.open();
  const dir = temporaryFolder();
  await initialiseMirror({ dir, dryRun: false });
  const mirror = new Homesteads(new Newsroom(dir));
  const double = await mirror.service('cluster');
  await expect(mirror.push()).rejects.toMatchObject({ code: 'not-found' });

  const take = (whole: boolean): Promise<string> =>
    paper.newsroom.use(({ repository: from }) =>
      mirror.newsroom.use(async ({ repository: to }) => {
        const edition = follow(from, to, whole);
        for await (const { cid, bytes = new Uint8Array() } of walkDag(CID.parse(edition), async (each) =>
          from.blockstore.getBytes(each),
        ))
          to.blockstore.putBatch([{ cid, bytes }]);
        return edition;
      }),
    );
  await take(false);
  await expect(mirror.push()).rejects.toMatchObject({ code: 'not-found' });
  const first = await take(true);
  expect(await mirror.push()).toMatchObject({
    done: true,
    homes: [{ wanted: [{ cid: first, held: true }] }],
  });
  await paper.publish('two');
  const second = await take(true);
  expect(await mirror.push()).toMatchObject({ done: true, homes: [{ released: [first] }] });
  expect([...double.pins.values()].map(({ pin }) => pin.cid)).toEqual([second]);
  await expect(mirror.push({ categories: ['science'] })).rejects.toMatchObject({ code: 'usage' });
  // The paper and its mirror may have the same account somewhere: each keeps to its own.
  double.have(first, `ovn/${(await paper.newsroom.publish()).publication}/edition/1`);
  await mirror.service('other');
  expect(await mirror.evacuate('cluster', 'other')).toMatchObject({ done: true, moved: [{ cid: second }] });
  expect([...double.pins.values()].map(({ pin }) => pin.cid)).toEqual([first]);
});
