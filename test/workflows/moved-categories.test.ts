import { describe, expect, it } from 'vitest';
import { movedCategories } from '../../src/workflows/publishing/current-categories.ts';

describe('movedCategories', () => {
  it('leads on from former slugs', () => {
    const categories = { world: 'World', space: { name: 'Space', formerly: ['science', 'sky'] } };
    expect(movedCategories({ categories })).toEqual([
      { from: 'science', to: 'space' },
      { from: 'sky', to: 'space' },
    ]);
  });

  it('does not lead away from a category that ovn.json knows, and so never in a circle', () => {
    const categories = {
      science: { name: 'Science', formerly: ['space'] },
      sky: { name: 'Sky', formerly: ['sky', 'stars'] },
      space: { name: 'Space', formerly: ['science'] },
    };
    expect(movedCategories({ categories })).toEqual([{ from: 'stars', to: 'sky' }]);
  });
});
