import { OvnError } from '../errors.ts';
import type { VerifiedManifest } from '../manifest/read-manifest.ts';
import type { Check } from '../trust/check.ts';
import { publicationId } from '../trust/masthead.ts';
import type { Evidence } from './evidence.ts';
import type { Records } from './judge-bundle-record.ts';
import { judgeFreshness } from './judge-freshness.ts';
import { judgeLog } from './judge-log.ts';
import { judgeManifest } from './judge-manifest.ts';
import { judgeMastheads } from './judge-mastheads.ts';
import { judgeName, nameToRemember } from './judge-name.ts';
import { judgeRecord, type Standing } from './judge-record.ts';
import { judgeRollback } from './judge-rollback.ts';
import { judgeWitnessPolicy } from './judge-witnesses.ts';
import { Ledger } from './ledger.ts';
import type { ReaderMemory } from './memory.ts';
import type { AcceptOptions, Offered } from './offered.ts';
import { readOffered } from './read-offered.ts';
import { Contradiction, evidenceOf } from './refusal.ts';
import { remember } from './remember.ts';
import { RULES } from './rules.ts';
import type { Verdict } from './verdict.ts';
import type { VerifiedLog } from './verified-log.ts';

/** What a reader says of an edition, or of an article of it. */
export interface Acceptance {
  /** One a rule, in order. */
  checks: readonly Check[];
  verdict: Verdict;
  /** What to remember from now on; nothing where nothing was remembered, and this is refused. */
  memory: ReaderMemory | undefined;
  /** The documents of a refusal that rests on two of them. */
  evidence?: Evidence;
  /** What holds, where nothing failed. */
  accepted?: AcceptedEdition;
}

/** An edition that no rule refused. */
export interface AcceptedEdition {
  manifest: VerifiedManifest;
  /** Read whole, to judge older editions by; absent where the manifest is from before there was one. */
  log: VerifiedLog | undefined;
  /** What single bundles are judged by; absent as the log is. */
  records: Records | undefined;
  /** Bytes of the longest chain of mastheads that is known. */
  mastheads: readonly Uint8Array[];
  standing: Standing;
}

/**
 * Judges an edition as a reader with a memory does: eleven rules in order, of which the first that fails refuses. A pure
 * machine: bytes and readers in, what to say and what to remember out.
 *
 * A masthead that continues the remembered chain is remembered even where the manifest is refused (TUF 1.0.34, section
 * 5.3.8): a key that was taken away must not come back with an older edition.
 *
 * @param memory of the publication; `undefined` at first contact, which is trust on first use unless the id is expected.
 */
export async function accept(
  memory: ReaderMemory | undefined,
  offered: Offered,
  options: AcceptOptions,
): Promise<Acceptance> {
  const ledger = new Ledger(RULES);
  let kept = memory;
  try {
    const claimed = await ledger.apply('bytes', () => readOffered(offered));
    const name = await ledger.apply('name-record', () => judgeName(memory, offered.name));
    const chains = await ledger.apply('mastheads', () => judgeMastheads(memory, offered.mastheads, options));
    const { known, files: mastheads } = chains;
    if (memory !== undefined) kept = { ...memory, mastheads };
    const judged = await ledger.apply('manifest-signed', () =>
      judgeManifest(offered, claimed, chains, options),
    );
    const { manifest } = judged.verified;
    const superseded = await ledger.apply('rollback', () =>
      judgeRollback(memory, { verified: judged.verified, bytes: offered.manifest, mastheads }, options),
    );
    const fresh = await ledger.apply('freshness', () =>
      judgeFreshness(memory, { manifest, known, name: offered.name, superseded }, options),
    );
    const logged = await judgeLog(ledger, memory, {
      offered,
      judged,
      known,
      mastheads,
      options,
    });
    const log = logged?.log;
    const { now, requireCurrent } = options;
    const records = logged === undefined ? undefined : { ...logged, now };
    const standing = await ledger.apply('log-record', () =>
      judgeRecord({ looked: offered.looked, manifest, records, requireCurrent }),
    );
    const witnessed = await ledger.apply('witnesses', () => judgeWitnessPolicy(log?.checkpoint, options));
    const { checkpoint } = offered;
    return {
      checks: ledger.checks,
      verdict: verdictOf({ listed: standing.listed && !superseded, confirmed: fresh && witnessed }),
      memory: remember(memory, {
        publication: known.publicationId,
        mastheads,
        manifest: offered.manifest,
        sequence: manifest.sequence,
        checkpoint: log === undefined ? undefined : checkpoint,
        name: nameToRemember(memory?.name, name, known),
        trust: options.expectedId === undefined ? 'first-use' : 'confirmed',
        now,
      }),
      accepted: { manifest: judged.verified, log, records, mastheads, standing },
    };
  } catch (error) {
    if (!(error instanceof OvnError) || error.code === 'interrupted') throw error;
    const checks = ledger.close('not reached');
    return { checks, verdict: 'refused', memory: kept, ...tellEvidence(error, offered, options.now) };
  }
}

function verdictOf({ listed, confirmed }: { listed: boolean; confirmed: boolean }): Verdict {
  if (!listed) return 'genuine';
  return confirmed ? 'current' : 'listed';
}

function tellEvidence(error: OvnError, { mastheads: [first] }: Offered, now: Date): { evidence?: Evidence } {
  if (!(error instanceof Contradiction) || first === undefined) return {};
  return { evidence: evidenceOf(error, publicationId(first), now) };
}
