import { describe, expect, it } from 'vitest';
import { chooseFollowed } from '../../../src/workflows/following/choose-followed.ts';
import { TestMirrorRepository } from '../../helpers/following.ts';

const CHOICE = { categories: null, maxBytes: null, since: null, keep: 1 };
const MIRROR = 'https://mirror.example';

describe('chooseFollowed', () => {
  it('takes what is named by id, name or address, each once, and all that are followed at one address', async () => {
    const { followed } = (await TestMirrorRepository.open()).repository();
    const named = (...what: string[]) => chooseFollowed(what, followed).map(({ publication }) => publication);
    for (const publication of ['a', 'b', 'c']) {
      const target = publication === 'c' ? 'ipns://k51c' : MIRROR;
      const name = publication === 'c' ? 'k51c' : null;
      followed.add({ publication, target, name, places: [], choice: CHOICE, added: `2026-0${publication}` });
    }
    expect(named()).toEqual(['a', 'b', 'c']);
    expect(named('b', 'ipns://k51c', '/ipns/k51c', 'b')).toEqual(['b', 'c']);
    expect(named(MIRROR)).toEqual(['a', 'b']);
    expect(() => named('d')).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});
