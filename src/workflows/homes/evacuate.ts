import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { type Confirmation, isHeld, type StoredHome } from '../../repo/homes.ts';
import { haveHere } from './have-here.ts';
import { type HomeEffects, pinPrefix, pushedPublications } from './home-effects.ts';
import { type HeldReport, type HomeProblem, heldReport, problemOfError } from './home-report.ts';
import { keepAtHome, type OpenHome } from './keep-at-home.ts';
import { chooseHomes } from './push.ts';
import { release } from './release-old.ts';

export interface EvacuateEffects extends HomeEffects {
  /** Folder for what only the first home has, until the other has it. */
  dir: string;
}

/** Pins that a home may list, ours or not, and those of ours among them that are not known of here. */
const MOST_LISTED = 1_000_000;
const MOST_FOUND = 10_000;

/** What became of one DAG. */
export interface Evacuated {
  cid: string;
  subject: string;
  /** What the other home says of it; null where it was not asked. */
  at: HeldReport | null;
  /** Whether the first home let go of it. */
  released: boolean;
  problem: string | null;
}

/** What `ovn remote evacuate --json` prints. */
export interface EvacuateReport {
  from: string;
  to: string;
  moved: Evacuated[];
  /** Whether the first home holds nothing of ours any more. */
  done: boolean;
  /** What kept it from being gone through as a whole. */
  problem: HomeProblem | null;
}

/**
 * Moves all that one home holds of ours to another: given to the other, confirmed and read back there, and only then released by the first.
 * What is not held here is fetched from the first home before. A rerun goes on with what is left.
 *
 * @throws {OvnError} `not-found` for a remote that is not there; `usage` for the same twice, or for a gateway.
 */
export async function evacuate(
  names: { from: string; to: string },
  options: { dryRun: boolean },
  effects: EvacuateEffects,
): Promise<EvacuateReport> {
  const [from, to] = chooseTwo(names, effects);
  const report: EvacuateReport = { ...names, moved: [], done: false, problem: null };
  const opened: OpenHome[] = [];
  const open = async (stored: StoredHome): Promise<OpenHome> => {
    const home = { stored, home: await effects.open(stored) };
    opened.push(home);
    return home;
  };
  try {
    const source = await open(from);
    const target = await open(to);
    const rows = effects.repository.homes.confirmations(from.name);
    try {
      rows.push(...(await furtherOfOurs(source, rows, options.dryRun, effects)));
    } catch (error) {
      effects.signal.throwIfAborted();
      report.problem = problemOfError(error);
    }
    for (const row of rows)
      report.moved.push(options.dryRun ? unmoved(row, null) : await move(row, source, target, effects));
    report.done =
      !options.dryRun && report.problem === null && report.moved.every(({ released }) => released);
    return report;
  } catch (error) {
    effects.signal.throwIfAborted();
    return { ...report, problem: problemOfError(error) };
  } finally {
    for (const { home } of opened) await home.close?.().catch(() => undefined);
  }
}

function chooseTwo(
  names: { from: string; to: string },
  { repository }: HomeEffects,
): [StoredHome, StoredHome] {
  if (names.from === names.to) throw new OvnError('usage', `${names.from} cannot move to itself`);
  const chosen = chooseHomes(repository.homes.list(), [names.from, names.to]);
  const gateway = chosen.find(({ kind }) => kind === 'gateway');
  if (gateway !== undefined)
    throw new OvnError('usage', `${gateway.name} is a gateway: nothing of it can be moved, or to it`);
  const [one, other] = chosen as [StoredHome, StoredHome];
  return one.name === names.from ? [one, other] : [other, one];
}

/** What bears our name there and we do not know of, as after a backup was restored. */
async function furtherOfOurs(
  { stored, home }: OpenHome,
  known: readonly Confirmation[],
  dryRun: boolean,
  { repository, signal, now }: HomeEffects,
): Promise<Confirmation[]> {
  const { homes } = repository;
  const prefixes = pushedPublications(repository).map(pinPrefix);
  const seen = new Set(known.map(({ cid, subject }) => `${cid} ${subject}`));
  const found: Confirmation[] = [];
  let listed = 0;
  for await (const { cid: text, name = '' } of home.list({ signal })) {
    if (++listed > MOST_LISTED || found.length > MOST_FOUND)
      throw new OvnError('limit', `${stored.name}: it lists more than can be gone through`);
    const prefix = prefixes.find((each) => name.startsWith(each));
    if (prefix === undefined) continue;
    const cid = CID.parse(text).toV1().toString();
    const { subject, sequence } = parsePin(name.slice(prefix.length));
    // A paper and its mirrors may have the same home.
    if (subject.startsWith('followed:') !== repository.isMirror || seen.has(`${cid} ${subject}`)) continue;
    seen.add(`${cid} ${subject}`);
    const asked = now().toISOString();
    const row = { home: stored.name, cid, subject, sequence, pin: name, own: true, asked };
    if (!dryRun) homes.asked(row);
    found.push(homes.confirmation(row) ?? { ...UNSEEN, ...row });
  }
  return found;
}

const UNSEEN = {
  state: 'unknown',
  detail: null,
  copies: null,
  looked: null,
  confirmed: null,
  readBack: null,
  problem: null,
  releasing: false,
} as const;

/** What {@link pinName} put together, behind the prefix. */
function parsePin(rest: string): { subject: string; sequence: number | null } {
  const [, subject = rest, digits] = /^(.*)\/(\d{1,15})$/.exec(rest) ?? [];
  return { subject, sequence: digits === undefined ? null : Number(digits) };
}

async function move(
  row: Confirmation,
  from: OpenHome,
  to: OpenHome,
  effects: EvacuateEffects,
): Promise<Evacuated> {
  try {
    using here = await haveHere(row.cid, from, effects);
    const said = await to.home.status([CID.parse(row.cid)], effects);
    const [, publication = ''] = row.pin.split('/');
    const wanted = { ...row, publication };
    const kept = await keepAtHome(to, wanted, said.get(row.cid), effects, here.read);
    if (!isHeld(kept)) return unmoved(row, heldReport(kept));
    const problem = await release(from, row, effects);
    return { ...unmoved(row, heldReport(kept)), released: problem === null, problem };
  } catch (error) {
    effects.signal.throwIfAborted();
    return { ...unmoved(row, null), problem: problemOfError(error).message };
  }
}

function unmoved({ cid, subject }: Confirmation, at: HeldReport | null): Evacuated {
  return { cid, subject, at, released: false, problem: at?.problem ?? null };
}
