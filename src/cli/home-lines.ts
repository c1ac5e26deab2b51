import type { StoredHome } from '../repo/homes.ts';
import type { EvacuateReport } from '../workflows/homes/evacuate.ts';
import type { HeldReport, HomeProblem, HomeReport } from '../workflows/homes/home-report.ts';
import type { Terminal } from './terminal.ts';

/** States in which a service may wait for blocks that only we have. */
const WAITING: readonly HeldReport['state'][] = ['queued', 'pinning', 'failed'];

const FETCHES =
  'It fetches what it pins: let it reach this machine by ovn push with --node or --listen, or run ovn serve and name it with --origin.';

/** What each home holds, in words. */
export function printHomes(
  terminal: Terminal,
  homes: readonly (HomeReport & { others?: readonly HeldReport[] })[],
): void {
  for (const { home, kind, url, problem, wanted, missing, others = [], released, left } of homes) {
    terminal.print(`${terminal.style('bold', home)}  ${kind}  ${url}`);
    if (problem !== null) printProblem(terminal, problem, '  ');
    for (const each of wanted) printHeld(terminal, each);
    if (kind === 'pinning-service' && wanted.some(({ state }) => WAITING.includes(state)))
      terminal.print(`  ${FETCHES}`);
    for (const slug of missing)
      terminal.print(`  the head edition has no category ${slug}: ovn categories shows what it has`);
    for (const each of others) terminal.print(`  ${each.cid}  ${titleOf(each)}: also there, ${each.state}`);
    for (const cid of released) terminal.print(`  ${cid}  released: what took its place is held`);
    for (const each of left)
      terminal.print(`  ${each.cid}  ${each.subject}: still to be released${because(each.problem)}`);
  }
}

function printHeld(terminal: Terminal, held: HeldReport): void {
  const mark = held.held ? terminal.style('green', 'held') : terminal.style('yellow', 'not held');
  terminal.print(`  ${held.cid}  ${titleOf(held)}: ${mark}${because(held.problem)}`);
  if (held.confirmed !== null) terminal.print(`    confirmed ${held.confirmed}${copiesOf(held)}`);
  const { readBack } = held;
  if (readBack !== null)
    terminal.print(`    read back ${readBack.at}, ${readBack.blocks} blocks, through ${readBack.via}`);
}

/** What became of a move, in words. */
export function printEvacuation(terminal: Terminal, { moved, problem, from, to }: EvacuateReport): void {
  for (const { cid, subject, at, released, problem: why } of moved) {
    const state = at?.held ? `held by ${to}` : `not held by ${to}`;
    const left = released ? `released by ${from}` : `still at ${from}`;
    terminal.print(`${cid}  ${subject}: ${state}, ${left}${because(why)}`);
  }
  if (problem !== null) printProblem(terminal, problem);
}

function printProblem(terminal: Terminal, { message, hint }: HomeProblem, indent = ''): void {
  terminal.print(`${indent}${terminal.style('red', 'not done')}: ${message}`);
  if (hint !== null) terminal.print(`${indent}  ${hint}`);
}

/** A remote as it was added. */
export function describeHome({ name, kind, url, categories, credentials }: StoredHome): string {
  const what = categories === null ? 'the whole edition' : categories.join(', ');
  return `${name}  ${kind}  ${url}  ${what}, ${placeOf(credentials)}`;
}

function placeOf(credentials: StoredHome['credentials']): string {
  if (credentials === null) return 'no token';
  if ('env' in credentials) return `token in ${credentials.env}`;
  return 'file' in credentials ? `token in ${credentials.file}` : 'token in the keyring';
}

function titleOf({ subject, sequence }: HeldReport): string {
  if (subject === 'edition') return sequence === null ? 'edition' : `edition ${sequence}`;
  return subject.replace(':', ' ');
}

function copiesOf({ copies }: HeldReport): string {
  return copies === null ? '' : `, ${copies.have} of ${copies.want} copies`;
}

function because(problem: string | null): string {
  return problem === null ? '' : `: ${problem}`;
}
