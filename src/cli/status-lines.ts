import type {
  Due,
  FollowedStatus,
  HeldRoot,
  KeyStatus,
  LogStatus,
  NameStatus,
  PendingSources,
  ServingStatus,
  StatusReport,
} from '../workflows/status/report.ts';
import { tellDuration } from './duration.ts';
import type { Terminal } from './terminal.ts';
import { plural } from './wording.ts';

/** Things of one kind that are named one by one. */
const MOST_NAMED = 10;

/** What `ovn status` says, part by part; parts that there is nothing to say of are left out. */
export function printStatus(terminal: Terminal, report: StatusReport): void {
  const { edition, names, followed, log } = report;
  if (report.sources !== null) printSources(terminal, report.sources);
  if (edition === null) {
    if (report.publication !== null) terminal.print('', 'Nothing is published yet.');
  } else {
    const until = `until ${edition.expires} (${left(edition.timeLeft)})`;
    terminal.print('', `${terminal.style('bold', `Edition ${edition.sequence}`)}, current ${until}`);
    for (const root of report.held) printHeld(terminal, root);
  }
  for (const name of names) printName(terminal, name);
  if (log !== null) printLog(terminal, log);
  printKeys(terminal, report.keys);
  printServing(terminal, report.serving);
  if (followed.length > 0) terminal.print('', 'Followed:');
  for (const each of followed) printFollowed(terminal, each);
  for (const { of, message } of report.problems) terminal.error(`ovn: ${of}: ${message}`);
  const due = report.due.filter(({ state }) => state !== 'fine');
  const nothing =
    report.onlyHere.length === 0 ? 'Nothing is due.' : 'Nothing is due but to have it held by others.';
  terminal.print('', due.length === 0 ? nothing : 'Due:');
  for (const each of due) printDue(terminal, each);
}

function printSources(terminal: Terminal, sources: PendingSources): void {
  for (const finding of sources.findings) terminal.finding(finding);
  if (sources.findings.some(({ severity }) => severity === 'error')) {
    terminal.print('Nothing would be published: sources have errors.');
    return;
  }
  const { missing, held, unchanged } = sources;
  const count = sources.new.length + sources.changed.length;
  if (count === 0) terminal.print(`Nothing new to publish; ${plural(unchanged, 'source')} unchanged.`);
  else terminal.print(`${plural(count, 'article')} to publish; ${plural(unchanged, 'source')} unchanged.`);
  printSome(terminal, sources.new, ({ source, headline }) => `  new      ${source}  ${headline}`);
  printSome(terminal, sources.changed, ({ source, headline }) => `  changed  ${source}  ${headline}`);
  printSome(terminal, held, ({ source, reason }) => `  held     ${source}: ${reason}`);
  printSome(terminal, missing, ({ source, id }) => `  gone     ${source}; ${id} stays published`);
}

function printSome<T>(terminal: Terminal, all: readonly T[], tell: (one: T) => string): void {
  for (const one of all.slice(0, MOST_NAMED)) terminal.print(tell(one));
  if (all.length > MOST_NAMED) terminal.print(`  … and ${all.length - MOST_NAMED} more`);
}

function printHeld(terminal: Terminal, { kind, name, cid, behind, holders, elsewhere }: HeldRoot): void {
  const what =
    kind === 'edition' ? 'the edition' : `${name}${behind ? ' (changed since it was pinned)' : ''}`;
  terminal.print(`  ${cid}  ${what}`);
  for (const { who, kind: of, at, how, counts } of holders) {
    const seen =
      how === 'said' ? `said ${at}, not read back` : `read back ${at}${counts ? '' : ', too long ago'}`;
    terminal.print(`    ${of} ${who}: ${seen}`);
  }
  if (!elsewhere) terminal.print(`    ${terminal.style('yellow', 'held nowhere else, as far as is known')}`);
}

function printName(terminal: Terminal, { name, own, record }: NameStatus): void {
  const called = own === 'current' ? name : `${name} (${own})`;
  if (record === null) {
    terminal.print('', `Name ${called}: no record yet; ovn name publish makes one.`);
    return;
  }
  const { edition, value, validUntil, timeLeft } = record;
  const leads = edition === null ? value : `edition ${edition}`;
  terminal.print('', `Name ${called}`, `  leads to ${leads}, until ${validUntil} (${left(timeLeft)})`);
}

function printLog(
  terminal: Terminal,
  { size, unpublished, threshold, cosigned, missing, state }: LogStatus,
): void {
  const said = {
    unwitnessed: 'unwitnessed: no witness is configured',
    witnessed: `witnessed by ${cosigned.length} of ${threshold}`,
    waiting: `witnessed by ${cosigned.length} of ${threshold}: not enough`,
  };
  const more = unpublished === 0 ? '' : `, ${unpublished} more with the next edition`;
  terminal.print('', `Log: ${size === 1 ? '1 entry' : `${size} entries`}${more}; ${said[state]}`);
  for (const { name, problem } of missing) if (problem !== null) terminal.print(`  ${name}: ${problem}`);
}

/** Roles that cannot sign here. */
function printKeys(terminal: Terminal, keys: readonly KeyStatus[]): void {
  const lacking = keys.filter(({ here, threshold }) => here < threshold);
  if (lacking.length === 0) return;
  const told = lacking.map(({ role, here, threshold }) => `${role} (${here} of ${threshold} here)`);
  terminal.print('', `Keys elsewhere: ${told.join(', ')}`);
}

function printServing(
  terminal: Terminal,
  { running, seen, http, provided, nextReprovide }: ServingStatus,
): void {
  if (seen === null) {
    terminal.print('', 'Not served: ovn serve was never run here.');
    return;
  }
  terminal.print('', running ? `Served at ${http}` : `Not served; last seen ${seen}`);
  if (provided === null || provided.roots + provided.failed === 0) {
    if (running) terminal.print(`  ${toldToNobody({ provided, nextReprovide })}`);
    return;
  }
  const failed = provided.failed === 0 ? '' : `, ${provided.failed} could not be`;
  const next = nextReprovide === null ? 'nobody tells it again' : `again ${nextReprovide}`;
  terminal.print(`  ${plural(provided.roots, 'root')} made known to the DHT${failed}; ${next}`);
}

/** Why nothing is made known to the DHT. */
function toldToNobody({
  provided,
  nextReprovide,
}: Pick<ServingStatus, 'provided' | 'nextReprovide'>): string {
  return provided !== null && nextReprovide !== null
    ? 'no peer of the DHT was met yet, and so none was told'
    : 'nothing is made known to the DHT';
}

function printFollowed(terminal: Terminal, followed: FollowedStatus): void {
  const { publication, edition, sequence, whole, bytes, categories, checked, timeLeft, expires } = followed;
  terminal.print(`  ${publication}${categories === null ? '' : `  ${categories.join(', ')}`}`);
  if (edition === null) {
    terminal.print('    nothing of it is held yet');
  } else {
    const size = `${(bytes / 1e6).toFixed(1)} MB${whole ? '' : ', in part'}`;
    terminal.print(
      `    ${edition}  edition ${sequence}`,
      `    ${size}, current until ${expires} (${left(timeLeft ?? 0)})`,
    );
  }
  const { left: leftOut, recordUntil, problem } = followed;
  if (leftOut !== null && leftOut.articles > 0)
    terminal.print(`    not held: ${plural(leftOut.articles, 'article')} (${leftOut.why.join(', ')})`);
  if (recordUntil !== null) terminal.print(`    its name's record holds until ${recordUntil}`);
  terminal.print(`    last looked ${checked ?? 'never'}${problem === null ? '' : `: ${problem.message}`}`);
}

function printDue(terminal: Terminal, { what, of, ends, state, timeLeft, todo }: Due): void {
  const when =
    ends === null ? '' : ` ${state === 'over' ? 'ended' : 'ends'} ${ends} (${left(timeLeft ?? 0)})`;
  const color = state === 'over' ? 'red' : 'yellow';
  terminal.print(`  ${terminal.style(color, what)}${of === '' ? '' : ` of ${of}`}${when}: ${todo}`);
}

function left(seconds: number): string {
  return seconds === 0 ? 'over' : `${tellDuration(seconds)} left`;
}
