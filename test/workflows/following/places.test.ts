import { expect, it } from 'vitest';
import { targetOf } from '../../../src/workflows/following/sync.ts';
import { offering, TestMirrorRepository, TestPlace, takeBlocks } from '../../helpers/following.ts';
import { MemoryBlocks } from '../../helpers/memory-blocks.ts';
import { Newsroom, NOW, source } from '../../helpers/newsroom.ts';

const USERS = 'https://mine.example/';
const PEER = '/dns4/peer.example/tcp/4001/p2p/12D3KooWGkcMtZDJof4H1Xyp5mDguSDDTxRTQYN5yUMqBxiVia7J';

/** A paper whose manifests name mirrors. */
async function openPaper() {
  const newsroom = await Newsroom.open();
  const held = new MemoryBlocks();
  let editions = 0;
  return {
    place: new TestPlace(held),
    publish: async (mirrors: string[]) => {
      newsroom.configure({ mirrors });
      newsroom.write(`articles/a${++editions}.md`, source({ title: `Article ${editions}` }));
      const now = new Date(NOW.getTime() + editions * 60_000);
      const { edition, publication } = await newsroom.publish({ now });
      await newsroom.use(({ repository }) => takeBlocks(held, edition ?? '', repository));
      return { edition: edition ?? '', id: publication, call: { now } };
    },
  };
}

it('keeps a place that the user named, whatever manifests name and drop', async () => {
  const paper = await openPaper();
  const mirror = await TestMirrorRepository.open();
  const first = await paper.publish([USERS, 'https://other.example/', PEER]);
  const places = [USERS, 'https://mine-too.example'];
  await mirror.follow(first.id, [offering(first.edition, paper.place)], { ...first.call, places });
  const asked = () => {
    const followed = mirror.repository().followed.get(first.id);
    expect(followed?.places).toEqual(places);
    return followed && targetOf(followed);
  };
  expect(asked()).toMatchObject({
    urls: [USERS, 'https://mine-too.example/'],
    peers: [],
    mirrors: { places: ['https://other.example/', PEER], within: 'public' },
  });
  const second = await paper.publish([]);
  await mirror.sync(first.id, [offering(second.edition, paper.place)], second.call);
  expect(asked()).toMatchObject({
    urls: [USERS, 'https://mine-too.example/'],
    mirrors: { places: [], within: 'public' },
  });
});

it('asks mirrors no farther in than the places of the publication, whatever they were when they were named', async () => {
  const paper = await openPaper();
  const mirror = await TestMirrorRepository.open();
  const { edition, id, call } = await paper.publish(['http://10.0.0.7/', 'http://127.0.0.1:5001/']);
  await mirror.follow(id, [offering(edition, paper.place)], call);
  const asked = async () => {
    await mirror.sync(id, [offering(edition, paper.place)], call);
    return mirror.targets.at(-1)?.mirrors;
  };
  expect(await asked()).toEqual({ places: [], within: 'public' });
  await mirror.follow(id, [offering(edition, paper.place)], { ...call, places: ['http://192.168.1.7/'] });
  expect(await asked()).toEqual({ places: ['http://10.0.0.7/'], within: 'private' });
});
