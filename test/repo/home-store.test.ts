import { expect, it } from 'vitest';
import { isHeld } from '../../src/repo/homes.ts';
import { Homesteads } from '../helpers/homes.ts';

it('counts what was pinned anew as held only when it was read back anew', async () => {
  const paper = await Homesteads.open();
  await paper.add({ name: 'a', url: 'http://127.0.0.1:1' });
  await paper.newsroom.use(({ repository: { homes } }) => {
    const at = '2026-01-10T13:00:00Z';
    const row = {
      home: 'a',
      cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku',
      subject: 'edition',
    };
    const held = () => homes.confirmations().map(isHeld);
    homes.asked({ ...row, sequence: 1, pin: 'ovn/x/edition/1', own: true, asked: at });
    homes.said(row, { state: 'pinned' }, at);
    homes.wasRead(row, { at, blocks: 8, via: 'gate' });
    homes.said(row, { state: 'pinned' }, at);
    expect(held()).toEqual([true]);
    homes.said(row, { state: 'absent' }, at);
    homes.said(row, { state: 'pinned' }, at);
    expect(held()).toEqual([false]);
    homes.wasRead(row, { at, blocks: 8, via: 'gate' });
    expect(held()).toEqual([true]);
  });
});

it('counts a pin as ours once it was asked for where there was none', async () => {
  const paper = await Homesteads.open();
  await paper.add({ name: 'a', url: 'http://127.0.0.1:1' });
  await paper.newsroom.use(({ repository: { homes } }) => {
    const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku';
    const row = { home: 'a', cid, subject: 'edition', sequence: 1, pin: 'x', asked: '2026-01-10T13:00:00Z' };
    for (const [own, is] of [
      [false, false],
      [true, true],
      [false, true],
    ] as const) {
      homes.asked({ ...row, own });
      expect(homes.confirmation(row)?.own).toBe(is);
    }
  });
});
