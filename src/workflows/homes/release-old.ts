import { CID } from 'multiformats/cid';
import { type Confirmation, isHeld } from '../../repo/homes.ts';
import type { HomeEffects } from './home-effects.ts';
import { type HomeReport, problemOfError } from './home-report.ts';
import type { OpenHome } from './keep-at-home.ts';
import type { WantedRoot } from './wanted-roots.ts';

/**
 * Lets a home go of what was there before: of each subject of which the wanted DAG is held, all others, and whatever an earlier try was to
 * release. With `prune`, also all that it is not to keep any more, where all that it is to keep is held, and is something. What was not
 * pinned for us is only forgotten. One that fails is left for the next try.
 */
export async function releaseOld(
  open: OpenHome,
  wanted: readonly WantedRoot[],
  effects: HomeEffects,
  { prune = false }: { prune?: boolean } = {},
): Promise<Pick<HomeReport, 'released' | 'left'>> {
  const rows = effects.repository.homes.confirmations(open.stored.name);
  const isWanted = (row: Confirmation) =>
    wanted.some(({ cid, subject }) => cid === row.cid && subject === row.subject);
  const held = rows.filter((row) => isWanted(row) && isHeld(row)).length;
  const heldAll = held > 0 && held === wanted.length;
  const goes = (row: Confirmation): boolean =>
    row.releasing || (!isWanted(row) && (isReplaced(row, wanted, rows) || (prune && heldAll)));
  return releaseRows(open, rows.filter(goes), effects);
}

/** Has a home let go of DAGs, one after the other. */
export async function releaseRows(
  open: OpenHome,
  rows: readonly Confirmation[],
  effects: HomeEffects,
): Promise<Pick<HomeReport, 'released' | 'left'>> {
  const report: Pick<HomeReport, 'released' | 'left'> = { released: [], left: [] };
  for (const row of rows) {
    const problem = await release(open, row, effects);
    if (problem === null) report.released.push(row.cid);
    else report.left.push({ cid: row.cid, subject: row.subject, problem });
  }
  return report;
}

/**
 * Has a home let go of a DAG. Where it is there for another reason too, or was before us, only the row goes.
 *
 * @returns what kept it from that.
 */
export async function release(
  { stored, home }: OpenHome,
  row: Confirmation,
  { repository: { homes }, signal }: HomeEffects,
): Promise<string | null> {
  const others = homes.confirmations(stored.name).filter(({ cid }) => cid === row.cid);
  const isOnly = others.every(({ subject, releasing }) => subject === row.subject || releasing);
  homes.releasing(row);
  try {
    if (row.own && isOnly) await home.release(CID.parse(row.cid), { name: row.pin, signal });
    homes.released(row);
    return null;
  } catch (error) {
    return problemOfError(error).message;
  }
}

function isReplaced(
  { subject }: Confirmation,
  wanted: readonly WantedRoot[],
  rows: readonly Confirmation[],
): boolean {
  const successors = wanted.filter((each) => each.subject === subject);
  const isThere = ({ cid }: WantedRoot) =>
    rows.some((row) => row.cid === cid && row.subject === subject && isHeld(row));
  return successors.length > 0 && successors.every(isThere);
}
