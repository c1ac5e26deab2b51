import type { ShownName } from '../../workflows/naming/show-name.ts';
import { tellDuration } from '../duration.ts';
import type { Terminal } from '../terminal.ts';

const OWN = { current: 'of this publication', retired: 'retired', revoked: 'revoked' };

/** What `ovn name show` says. */
export function printName(terminal: Terminal, { name, own, record, routers }: ShownName): void {
  const line = (label: string, text: string) => terminal.print(`${label.padEnd(10)}${text}`);
  line('name', `${name}${own === null ? '' : `  (${OWN[own]})`}`);
  if (record === null) {
    line('record', 'none is known');
    if (own === 'current') terminal.note('ovn publish, then ovn name publish, makes the first.');
  } else {
    const { value, sequence, validUntil, timeLeft, from, edition } = record;
    // A record of a stranger may hold anything.
    const path = /^[\x21-\x7e]+$/.test(value) ? value : JSON.stringify(value);
    line('leads to', `${path}${edition === null ? '' : `  (edition ${edition})`}`);
    line('record', `${sequence}, from ${from}`);
    line('until', `${validUntil}  (${timeLeft === 0 ? 'expired' : `${tellDuration(timeLeft)} left`})`);
  }
  for (const { router, sequence, problem } of routers)
    line('router', `${router}: ${problem ?? (sequence === null ? 'it has none' : `record ${sequence}`)}`);
}
