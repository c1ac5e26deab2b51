import { describe, expect, it } from 'vitest';
import { Results } from '../../bench/part.ts';
import { judge, toText } from '../../bench/report.ts';
import { median, medianRatio, quantile } from '../../bench/statistics.ts';

function measured(kind: 'speed' | 'cost', bar: number): Results {
  const results = new Results();
  for (const seconds of [1, 2, 4]) results.record('ovn', 's', seconds);
  for (const seconds of [3, 6, 8]) results.record('peer', 's', seconds);
  if (kind === 'speed') results.claimSpeed('ovn', 'peer', bar);
  else results.claimCost('ovn', 'peer', bar);
  return results;
}

describe('statistics', () => {
  it('median: the middle, or the mean of two', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 2, 9])).toBe(3);
    expect(median([])).toBeNaN();
  });

  it('quantile: linear between neighbours', () => {
    expect(quantile([0, 10, 20], 0.75)).toBe(15);
  });

  it('medianRatio: of each round, not of the medians', () => {
    expect(medianRatio([1, 20, 30], [1, 2, 30])).toBe(1);
    expect(medianRatio([2, 20, 3], [1, 2, 30])).toBe(2);
  });
});

describe('judge', () => {
  it('speed: theirs / ours, at least the bar', () => {
    expect(judge(measured('speed', 3))).toMatchObject([{ ratio: 3, met: true }]);
    expect(judge(measured('speed', 3.1))).toMatchObject([{ ratio: 3, met: false }]);
  });

  it('cost: ours / theirs, at most the bar', () => {
    expect(judge(measured('cost', 0.34))).toMatchObject([{ met: true }]);
    expect(judge(measured('cost', 0.33))).toMatchObject([{ met: false }]);
  });

  it('says nothing of what was not measured, and the report names it', () => {
    const results = new Results();
    results.record('ovn', 's', 1);
    results.claimSpeed('ovn', 'peer', 3);
    results.missing('peer: not installed');
    expect(judge(results)).toEqual([]);
    expect(toText('part', results)).toContain('not measured: peer: not installed');
  });
});
