import { canonicalBytes } from '../../bundle/canonical-json.ts';
import { formatProposal, type Proposal } from '../../manifest/proposal.ts';
import { missingSignatures } from '../../manifest/sign-proposal.ts';
import { createKeys, isLocked } from '../../repo/keyring.ts';
import type { Repository } from '../../repo/repository.ts';
import { countersign } from '../../trust/countersign.ts';
import type { Masthead, RoleName } from '../../trust/masthead.ts';
import type { VerifiedMastheads } from '../../trust/masthead-chain.ts';
import { type MastheadChange, nextMasthead } from '../../trust/next-masthead.ts';
import type { Shortfall } from '../../trust/shortfall.ts';
import type { StepMoment } from '../publish.ts';
import { loadSigners } from './keyring-signers.ts';
import { chainOf, recordMasthead } from './record-masthead.ts';

/** What a change of the masthead writes, in order; `key` only where one is made. What a crash leaves is said at {@link changeMasthead}. */
export const MASTHEAD_STEPS = ['key', 'masthead'] as const;
export type MastheadStep = (typeof MASTHEAD_STEPS)[number];

export interface MastheadEffects {
  repository: Repository;
  /** Held from the first look to the end: whoever publishes must not do so between. */
  lock(): Promise<AsyncDisposable>;
  /** Of the keyring; asked for only where it has one and a key is needed. */
  passphrase(): Promise<string | undefined>;
  /** Puts a proposal where people find it, and says where. */
  writeProposal(name: string, bytes: Uint8Array): string;
  now: Date;
  /** Told before and after each step, and within `masthead`. */
  onStep?: (step: MastheadStep, moment: StepMoment) => void;
}

/** What a change of the masthead came to. */
export interface MastheadReport {
  /** `proposed`: the keys here are not enough, a file waits for those that are elsewhere. */
  status: 'recorded' | 'proposed' | 'planned';
  version: number;
  /** Its CID, once it is signed. */
  masthead: string | null;
  expires: string;
  added: { role: RoleName; id: string }[];
  removed: { role: RoleName; id: string }[];
  /** The file that waits for signatures. */
  proposal: string | null;
  /** Who still has to sign. */
  missing: Shortfall[];
}

/** Stands for a key that a dry run does not make: a did:key whose private half nobody has. */
const NO_KEY = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH';

/** What is changed, found out under the lock. `makeKey` gives the did:key of a new key of the keyring. */
export type PlanChanges = (
  mastheads: VerifiedMastheads,
  makeKey: (role: RoleName) => Promise<string>,
) => Promise<MastheadChange[]>;

/**
 * Makes the next masthead, signs it with the keys that are here, and records it; where they do not reach the
 * thresholds, writes it as a proposal for the others.
 *
 * A crash after a key was made leaves it in the keyring, unnamed: `key add` names it. After the transaction of
 * {@link recordMasthead} the masthead is recorded, before it nothing is.
 *
 * @throws {OvnError} as {@link nextMasthead} does; `exists` when there is a proposal already.
 */
export async function changeMasthead(
  plan: PlanChanges,
  effects: MastheadEffects,
  { dryRun }: { dryRun: boolean },
): Promise<MastheadReport> {
  const { repository } = effects;
  await using _lock = await effects.lock();
  const mastheads = chainOf(repository);
  const before = mastheads.newest.masthead;
  const makeKey = async (role: RoleName): Promise<string> => (dryRun ? NO_KEY : makeKeyOf(role, effects));
  const next = nextMasthead(before, await plan(mastheads, makeKey));
  const report = reportOf(before, next);
  if (dryRun) return { ...report, status: 'planned', added: report.added.map(withoutPretence) };
  return await settleMasthead({ kind: 'masthead', mastheads, masthead: next }, effects, { dryRun });
}

/** Signs a proposed masthead with the keys that are here; records it, or writes what is still to be signed. */
export async function settleMasthead(
  proposal: Proposal & { kind: 'masthead' },
  effects: MastheadEffects,
  { dryRun }: { dryRun: boolean },
): Promise<MastheadReport> {
  const masthead = countersign(proposal.masthead, await loadMastheadSigners(proposal, effects));
  const signed = { ...proposal, masthead };
  const missing = missingSignatures(signed);
  const report = { ...reportOf(proposal.mastheads.newest.masthead, masthead), missing };
  if (dryRun) return { ...report, status: 'planned' };
  if (missing.length > 0) {
    const name = `masthead-${masthead.version}.proposal.json`;
    return { ...report, status: 'proposed', proposal: effects.writeProposal(name, formatProposal(signed)) };
  }
  const { cid } = await inStep('masthead', effects, () => recordMasthead(effects, canonicalBytes(masthead)));
  return { ...report, masthead: cid };
}

/** The masthead keys of this keyring that have a say in a proposed masthead. */
function loadMastheadSigners(
  { mastheads, masthead }: Proposal & { kind: 'masthead' },
  { repository, passphrase }: Pick<MastheadEffects, 'repository' | 'passphrase'>,
): ReturnType<typeof loadSigners> {
  const roles = [mastheads.newest.masthead.roles.masthead, masthead.roles.masthead];
  const wanted = roles.flatMap(({ keys }) => keys.map(({ id }) => id));
  return loadSigners(repository.keysDir, wanted, passphrase);
}

/** What a masthead says otherwise than the one before. */
export function reportOf(before: Masthead, next: Masthead): MastheadReport {
  return {
    status: 'recorded',
    version: next.version,
    masthead: null,
    expires: next.expires,
    added: namedOnlyIn(next, before),
    removed: namedOnlyIn(before, next),
    proposal: null,
    missing: [],
  };
}

function namedOnlyIn(one: Masthead, other: Masthead): { role: RoleName; id: string }[] {
  const roles = Object.keys(one.roles) as RoleName[];
  return roles.flatMap((role) => {
    const there = new Set(other.roles[role].keys.map(({ id }) => id));
    return one.roles[role].keys.filter(({ id }) => !there.has(id)).map(({ id }) => ({ role, id }));
  });
}

function withoutPretence({ role, id }: { role: RoleName; id: string }): { role: RoleName; id: string } {
  return { role, id: id === NO_KEY ? 'a new key' : id };
}

async function makeKeyOf(role: RoleName, effects: MastheadEffects): Promise<string> {
  const { keysDir } = effects.repository;
  const passphrase = isLocked(keysDir) ? await effects.passphrase() : undefined;
  const [key] = await inStep('key', effects, () => createKeys(keysDir, [role], passphrase));
  if (key === undefined) throw new Error('no key was made');
  return key.did;
}

async function inStep<T>(
  step: MastheadStep,
  { onStep }: Pick<MastheadEffects, 'onStep'>,
  work: () => Promise<T> | T,
): Promise<T> {
  onStep?.(step, 'before');
  const result = await work();
  onStep?.(step, 'after');
  return result;
}
