import type { Command } from 'commander';
import { type ListedWitness, listWitnesses, type WitnessList } from '../../workflows/list-witnesses.ts';
import { command, type Start } from '../options.ts';
import { withStoredPaper } from '../repository-context.ts';
import type { CommonOptions } from '../run.ts';
import type { Terminal } from '../terminal.ts';

/** `ovn log witnesses`. */
export function logWitnessesCommand(start: Start): Command {
  return command(
    'witnesses',
    'Show who cosigns the log, and how far each has come',
    'ovn log witnesses',
  ).action((flags: CommonOptions) =>
    start(flags, async ({ terminal }) => {
      print(terminal, await withStoredPaper(flags, async (repository) => listWitnesses(repository)));
      return undefined;
    }),
  );
}

function print(terminal: Terminal, list: WitnessList): void {
  terminal.printJson(list);
  if (list.threshold === 0) {
    terminal.print('Unwitnessed: ovn.json names no witness.');
    return;
  }
  for (const witness of list.witnesses) printWitness(terminal, witness, list.size);
  const { cosigned, threshold, size } = list;
  terminal.print('', `The head, of ${entries(size)}: cosigned by ${cosigned}, ${threshold} are demanded.`);
}

function printWitness(terminal: Terminal, witness: ListedWitness, size: number): void {
  const { name, url, cosigned, time, problem } = witness;
  terminal.print(`${terminal.style('bold', name)}  ${url}`);
  const behind = size - witness.size;
  const missing = cosigned ? 'nothing is missing' : `${entries(behind)} behind`;
  terminal.print(
    time === null ? '  has cosigned nothing yet' : `  cosigned ${witness.size} at ${time}; ${missing}`,
  );
  if (problem !== null) terminal.print(`  ${terminal.style('yellow', problem)}`);
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${count} entries`;
}
