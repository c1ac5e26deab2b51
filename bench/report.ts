import { cpus, totalmem } from 'node:os';
import type { Claim, Results, Series } from './part.ts';
import { median, medianRatio } from './statistics.ts';

/** A claim with what was measured; `met` where it has a bar. */
interface Verdict extends Claim {
  ratio: number;
  met: boolean | undefined;
}

/** The claims of a part both of whose sides were measured. */
export function judge(results: Results): Verdict[] {
  return results.claims.flatMap((claim) => {
    const ours = results.series.get(claim.ours);
    const theirs = results.series.get(claim.theirs);
    return ours === undefined || theirs === undefined ? [] : [judgeOne(claim, ours, theirs)];
  });
}

function judgeOne(claim: Claim, ours: Series, theirs: Series): Verdict {
  const fast = claim.kind === 'speed';
  const ratio = fast ? medianRatio(theirs.values, ours.values) : medianRatio(ours.values, theirs.values);
  if (claim.bar === undefined) return { ...claim, ratio, met: undefined };
  return { ...claim, ratio, met: fast ? ratio >= claim.bar : ratio <= claim.bar };
}

/** Everything that was measured, for machines. */
export function toJson(parts: ReadonlyMap<string, Results>): unknown {
  const machine = { cores: cpus().length, memoryGB: Math.round(totalmem() / 1e9), node: process.version };
  const entries = [...parts].map(([part, results]) => ({
    part,
    claims: judge(results),
    series: [...results.series.values()].map((series) => ({ ...series, median: median(series.values) })),
    absent: results.absent,
  }));
  return { machine, parts: entries };
}

/** One part for people: its ratios, then the median, least and most of each series. */
export function toText(part: string, results: Results): string {
  const ratios = judge(results).map((verdict) => [
    `  ${verdict.ours} against ${verdict.theirs}`,
    `${figure(verdict.ratio)}x`,
    barText(verdict),
  ]);
  const series = [...results.series.values()].map(({ name, unit, values }) => [
    `  ${name}`,
    `${figure(median(values))} ${unit}`,
    `${figure(Math.min(...values))}–${figure(Math.max(...values))}, ${values.length === 1 ? 'one run' : `${values.length} runs`}`,
  ]);
  const absent = results.absent.map((what) => `  not measured: ${what}`);
  return [part, ...columns(ratios), ...columns(series), ...absent, ''].join('\n');
}

function barText({ kind, bar, met }: Verdict): string {
  const meaning = kind === 'speed' ? 'as fast' : 'as much';
  if (bar === undefined) return meaning;
  return `${meaning} (bar ${kind === 'speed' ? '≥' : '≤'} ${bar}x: ${met === true ? 'met' : 'MISSED'})`;
}

function columns(rows: string[][]): string[] {
  const width = Math.max(0, ...rows.map(([first = '']) => first.length));
  return rows.map(
    ([first = '', second = '', third = '']) => `${first.padEnd(width)}  ${second.padStart(9)}  ${third}`,
  );
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
