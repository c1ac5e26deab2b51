import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeRepository, PROJECT } from '../helpers/program.ts';

/** Metrics of which an expression takes those with a label. */
const LABEL = /\b(ovn_[a-z0-9_]+)\{(\w+)=/g;
/** Names of metrics in an expression; `up` is Prometheus's own. */
const METRIC = /\bup\b|\b(?:ovn|process|nodejs)_[a-z0-9_]+/g;

it('the alerts of Prometheus speak of metrics that there are', async () => {
  const rules = readFileSync(join(PROJECT, 'deploy', 'prometheus', 'ovn.rules.yml'), 'utf8');
  const alerts = rules.split('- alert: ').slice(1);
  expect(alerts.length).toBeGreaterThan(10);
  await using repository = await makeRepository();
  await using program = repository.start(['serve', '--json', '--http', '127.0.0.1:0', '--no-node']);
  const { http, metrics } = JSON.parse(await program.readLine());
  await fetch(http);
  const text = await (await fetch(`${metrics}/metrics`)).text();
  const there = new Set(Array.from(text.matchAll(/^# TYPE (\S+)/gm), ([, name]) => name));
  for (const alert of alerts) {
    const [name] = alert.split('\n', 1);
    const [, expression = ''] = /\n\s+expr: (?:\|\n\s*)?(.*)\n/.exec(alert) ?? [];
    const used = expression.match(METRIC) ?? [];
    expect(used, name).not.toEqual([]);
    for (const metric of used.filter((each) => each !== 'up'))
      expect(there, name).toContain(metric.replace(/_bucket$/, ''));
    for (const [, metric, label] of expression.matchAll(LABEL))
      expect(text, name).toMatch(new RegExp(`^${metric}\\{[^}]*\\b${label}="`, 'm'));
    expect(alert, name).toMatch(/severity: (?:page|ticket)/);
    expect(alert, name).toMatch(/summary: ".+"/);
  }
});
