import { setImmediate } from 'node:timers/promises';
import {
  judgeLoneBundle,
  type KnownPublication,
  type LoneBundle,
  NO_EDITION,
  requireKnownMastheads,
} from '../../reader/judge-lone-bundle.ts';
import type { Standing } from '../../reader/judge-record.ts';
import type { Finding } from '../../reader/ledger.ts';
import { Contradiction, evidenceOf } from '../../reader/refusal.ts';
import type { Check } from '../../trust/check.ts';
import { tellSome } from '../../trust/tell-some.ts';
import { requireEntry } from './entries.ts';
import { checkAsync, type Evidence } from './judging.ts';
import { offerBundle } from './offered-edition.ts';
import { knownOf, type Reader } from './reader.ts';
import type { JudgedPlace } from './standing.ts';

/** The check that tells where in a log bundles stand. */
export const INCLUSION = 'log-inclusion';

/** What a reader says of bundles that were offered without an edition. */
export interface LoneJudgement {
  checks: Check[];
  /** Path of the file with the documents of a refusal. */
  evidence?: string;
}

const YIELD_EVERY = 64;

/**
 * Judges bundles, alone or in a category, by what the reader remembers of their publication and by the log of the newest edition
 * here: checks `mastheads` and `log-inclusion`.
 *
 * @param evidence reads the bundles, `here` the edition.
 */
export async function judgeLoneBundles(
  bundles: readonly JudgedPlace[],
  publication: string,
  reader: Reader,
  { evidence, here }: { evidence: Evidence; here: Evidence },
): Promise<LoneJudgement> {
  const { known, refused } = await knownOf(publication, reader, here);
  const detail =
    refused === undefined ? NO_EDITION : `the edition at hand is refused: ${refused.name}: ${refused.detail}`;
  if (known === undefined) return { checks: [{ name: INCLUSION, result: 'not-checked', detail }] };
  const judging = new LoneJudging(known);
  const checks: Check[] = [];
  await checkAsync(
    checks,
    INCLUSION,
    async () => {
      for await (const bundle of readEach(bundles, evidence)) judging.take(bundle);
    },
    () => judging.tell(),
  );
  return conclude(judging, checks, { publication, reader, evidence, refused: refused && detail });
}

/** What is known of bundles, one after the other. */
class LoneJudging {
  readonly #known: KnownPublication;
  readonly #findings: Finding<Standing>[] = [];
  /** Those that the log at hand does not have, or where there is none. */
  readonly missing: string[] = [];
  /** Mastheads that a bundle brings and that are known; most of them. */
  mastheads = 0;
  contradiction: Contradiction | undefined;

  constructor(known: KnownPublication) {
    this.#known = known;
  }

  /** @throws {OvnError} as the rules do. */
  take(bundle: LoneBundle): void {
    try {
      this.mastheads = Math.max(this.mastheads, requireKnownMastheads(bundle, this.#known.mastheads));
    } catch (error) {
      if (error instanceof Contradiction) this.contradiction = error;
      throw error;
    }
    const finding = judgeLoneBundle(bundle, this.#known);
    this.#findings.push(finding);
    if (finding.result === 'not-checked') this.missing.push(bundle.id);
  }

  tell(): string {
    const { length: count, 0: first } = this.#findings;
    const { missing } = this;
    const { records } = this.#known;
    if (first !== undefined && count === 1) return first.detail;
    if (records === undefined) return NO_EDITION;
    const { size } = records.log.fold;
    if (missing.length === 0) return `${count} bundles, each as it was logged, in a log of ${size} entries`;
    return `${missing.length} of ${count} bundles are not in the log of ${size} entries that is at hand: ${tellSome(missing)}`;
  }
}

interface LoneCase {
  publication: string;
  reader: Reader;
  evidence: Evidence;
  /** What was wrong with the edition at hand. */
  refused: string | undefined;
}

/** Two mastheads of one version are a matter of the chain, and no word about the log then. */
function conclude(
  { contradiction, mastheads: count, missing }: LoneJudging,
  checks: readonly Check[],
  { publication, reader, evidence, refused }: LoneCase,
): LoneJudgement {
  const name = 'mastheads';
  if (contradiction !== undefined) {
    const kept = reader.memories?.keepEvidence(evidenceOf(contradiction, publication, evidence.now));
    const fork: Check = { name, result: 'fail', detail: contradiction.message };
    return { checks: [fork], ...(kept === undefined ? {} : { evidence: kept }) };
  }
  const told = checks.map((check) => {
    if (check.result === 'fail' || missing.length === 0) return check;
    return { ...check, result: 'not-checked' as const, detail: refused ?? check.detail };
  });
  const detail = `${count} of its mastheads ${count === 1 ? 'is' : 'are'} known here, and the same`;
  return { checks: [{ name, result: 'pass', detail }, ...told] };
}

/** Reads bundles one after the other; many have the same mastheads. */
async function* readEach(places: readonly JudgedPlace[], evidence: Evidence): AsyncGenerator<LoneBundle> {
  const read = new Map<string, Uint8Array[]>();
  for (const [at, { id, cid, proof }] of places.entries()) {
    if (at % YIELD_EVERY === YIELD_EVERY - 1) await setImmediate();
    const bundle = await offerBundle({ id, cid }, 'alone', evidence);
    const folder = proof?.mastheads ?? requireEntry(await evidence.directory(cid), 'masthead');
    const mastheads = read.get(folder.toString()) ?? (await evidence.mastheadFiles(folder));
    read.set(folder.toString(), mastheads);
    yield { ...bundle, mastheads, entry: proof?.entry };
  }
}
