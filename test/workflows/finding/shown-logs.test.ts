import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openHttp } from '../../../src/node/retrieve/http-client.ts';
import { openRepository } from '../../../src/repo/open-repository.ts';
import { shownLogs } from '../../../src/workflows/finding/shown-logs.ts';
import { type PublishEffects, publish } from '../../../src/workflows/publish.ts';
import {
  endless,
  type MirrorAnswer,
  showing,
  shown,
  silent,
  startMirror,
} from '../../helpers/mirror-server.ts';
import { Newsroom, source } from '../../helpers/newsroom.ts';

let room: Newsroom;
let copy: Newsroom;

/** A newsroom with one edition, and a copy of it as a backup has it. */
beforeEach(async () => {
  room = await Newsroom.open();
  room.write('articles/a.md', source({ title: 'First light' }));
  await room.publish();
  copy = room.copy();
});

/** Publishes another article; the checkpoint of the edition that it is in. */
async function publishArticle(where: Newsroom, title: string, urls: readonly string[] = []): Promise<string> {
  where.write(`articles/${title}.md`, source({ title }));
  const client = openHttp();
  onTestFinished(() => client.close());
  const ask: PublishEffects['shownLogs'] = (signal) =>
    shownLogs(idOf(where), urls, { client, timeoutMs: 500, signal });
  const options = { paths: [], dryRun: false, allowFuture: false, listUnchanged: false };
  const { edition } = await where.publishing((effects) => publish(options, { ...effects, shownLogs: ask }));
  return where.read(edition, 'log/checkpoint');
}

function idOf(where: Newsroom): string {
  using repository = openRepository(where.dir);
  return repository.publicationId;
}

/** A mirror that shows a checkpoint as that of the newsroom. */
async function mirror(checkpoint: string, answer?: MirrorAnswer): Promise<string> {
  const publications = new Map([[idOf(room), shown({ checkpoint })]]);
  const started = await startMirror(answer ?? showing({ publications }));
  onTestFinished(() => started[Symbol.asyncDispose]());
  return started.url;
}

describe('publishing where a mirror has seen the log', () => {
  it('is refused where the mirror has seen more of it, again and again, until that is back', async () => {
    const longer = await publishArticle(room, 'Second');
    const url = await mirror(longer);
    const refused = {
      code: 'damaged',
      message: expect.stringContaining(`had 4 in ${url}`),
      hint: expect.stringContaining('ovn log recover'),
    };
    await expect(publishArticle(copy, 'Another', [url])).rejects.toMatchObject(refused);
    await expect(publishArticle(copy, 'Another', [])).rejects.toMatchObject(refused);
    using repository = openRepository(copy.dir);
    expect(repository.head()?.sequence).toBe(1);
  });

  it('is refused where the mirror has seen another history', async () => {
    const theirs = await publishArticle(room, 'Second');
    await publishArticle(copy, 'Another');
    const publishing = publishArticle(copy, 'Last', [await mirror(theirs)]);
    await expect(publishing).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('there are two histories'),
    });
  });

  it('goes on where mirrors show what was published here, something else, or nothing in time', async () => {
    const first = await room.read(headOf(room), 'log/checkpoint');
    const second = await publishArticle(room, 'Second');
    const stranger = await Newsroom.open();
    stranger.write('articles/a.md', source());
    await stranger.publish();
    const foreign = await publishArticle(stranger, 'Elsewhere');
    const urls = await Promise.all([
      mirror(first),
      mirror(second),
      mirror(foreign),
      mirror(second.replace(/\n4\n/, '\n900\n')),
      mirror('no checkpoint'),
      mirror('', silent),
      mirror('', endless),
      mirror('', (_, response) => response.writeHead(500).end()),
    ]);
    const begun = performance.now();
    await publishArticle(room, 'Third', [...urls, 'http://127.0.0.1:1/']);
    expect(performance.now() - begun).toBeLessThan(2500);
    using repository = openRepository(room.dir);
    expect(repository.head()?.sequence).toBe(3);
    expect(repository.seenCheckpoints.list()).toEqual([]);
  });

  it('does not ask where nothing is published', async () => {
    let asked = 0;
    const shownLogs: PublishEffects['shownLogs'] = async () => {
      asked += 1;
      return [];
    };
    const options = { paths: [], dryRun: false, allowFuture: false, listUnchanged: false };
    const again = (dryRun: boolean) =>
      room.publishing((effects) => publish({ ...options, dryRun }, { ...effects, shownLogs }));
    expect((await again(false)).status).toBe('unchanged');
    room.write('articles/b.md', source({ title: 'Second' }));
    await again(true);
    expect(asked).toBe(0);
    await again(false);
    expect(asked).toBe(1);
  });
});

function headOf(where: Newsroom): string {
  using repository = openRepository(where.dir);
  return repository.head()?.edition ?? '';
}
