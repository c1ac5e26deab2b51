import { describe, expect, it } from 'vitest';
import { sparesEnough, worthAVariant } from '../../../src/bundle/pictures/recipe.ts';

describe('a variant', () => {
  it('is a tenth smaller in bytes than what it stands for', () => {
    expect([900, 901].map((bytes) => sparesEnough(bytes, 1000))).toEqual([true, false]);
  });

  it('is a sixth narrower than its picture', () => {
    expect([576, 575].map((width) => worthAVariant(width, 480))).toEqual([true, false]);
  });
});
