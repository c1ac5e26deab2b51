import type { ClockDoubt } from '../workflows/publishing/release-clock.ts';
import { askQuestion } from './passphrase.ts';
import type { Terminal } from './terminal.ts';
import { plural, programName } from './wording.ts';

/** Asks whether the clock is right, where somebody is there to answer, or takes the word of who called the program. */
export function askAboutClock(
  terminal: Terminal,
  { clockIsRight = false }: { clockIsRight?: boolean },
): (doubt: ClockDoubt) => Promise<boolean> {
  return async ({ last, now, sources }) => {
    if (clockIsRight) return true;
    const waiting = plural(sources.length, 'embargoed source');
    const question = `The clock says ${now}; the last publication here was ${last}. If it is right, ${waiting} will be published. Is it right? [y/N] `;
    return /^y(?:es)?$/i.test((await askQuestion(terminal, question))?.trim() ?? '');
  };
}

/** Says what to do where embargoes wait because nobody said that the clock is right. */
export function tellOfClock(terminal: Terminal, doubt: ClockDoubt | null): void {
  if (doubt === null) return;
  terminal.error(
    `ovn: the clock says ${doubt.now}, far from ${doubt.last}, when it was last believed here; so these stay held back: ${doubt.sources.join(', ')}`,
    `If the clock is right, ${programName()} publish --clock-is-right releases them.`,
  );
}
