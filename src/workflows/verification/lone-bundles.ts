import { setImmediate } from 'node:timers/promises';
import type { CID } from 'multiformats/cid';
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
  const checks: Check[] = [];
  let contradiction: Contradiction | undefined;
  const each = new LoneBundles(bundles, evidence);
  await checkAsync(
    checks,
    'mastheads',
    async () => {
      try {
        return await requireMastheads(each, known);
      } catch (error) {
        if (error instanceof Contradiction) contradiction = error;
        throw error;
      }
    },
    (count) => `${count} of its mastheads ${count === 1 ? 'is' : 'are'} known here, and the same`,
  );
  if (contradiction !== undefined) {
    const kept = reader.memories?.keepEvidence(evidenceOf(contradiction, publication, evidence.now));
    return { checks, ...(kept === undefined ? {} : { evidence: kept }) };
  }
  const found = await judgeInclusion(each, known);
  checks.push(refused === undefined || found.result !== 'not-checked' ? found : { ...found, detail });
  return { checks };
}

/** How many of the mastheads that the bundles bring are known. */
async function requireMastheads(bundles: LoneBundles, { mastheads }: KnownPublication): Promise<number> {
  let count = 0;
  for await (const bundle of bundles) count = Math.max(count, requireKnownMastheads(bundle, mastheads));
  return count;
}

async function judgeInclusion(bundles: LoneBundles, known: KnownPublication): Promise<Check> {
  const checks: Check[] = [];
  const findings: Finding<Standing>[] = [];
  const missing: string[] = [];
  const judgeAll = async (): Promise<void> => {
    for await (const bundle of bundles) {
      const finding = judgeLoneBundle(bundle, known);
      findings.push(finding);
      if (finding.result === 'not-checked') missing.push(bundle.id);
    }
  };
  await checkAsync(checks, INCLUSION, judgeAll, () => tell(findings, missing, known));
  const [check = { name: INCLUSION, result: 'not-checked', detail: NO_EDITION }] = checks;
  return check.result === 'pass' && missing.length > 0 ? { ...check, result: 'not-checked' } : check;
}

function tell(
  findings: readonly Finding<Standing>[],
  missing: readonly string[],
  { records }: KnownPublication,
): string {
  const [first] = findings;
  if (first !== undefined && findings.length === 1) return first.detail;
  if (records === undefined) return NO_EDITION;
  const { size } = records.log.fold;
  if (missing.length === 0)
    return `${findings.length} bundles, each as it was logged, in a log of ${size} entries`;
  return `${missing.length} of ${findings.length} bundles are not in the log of ${size} entries that is at hand: ${tellSome(missing)}`;
}

/** Reads bundles one after the other, as often as they are gone through; many have the same mastheads. */
class LoneBundles implements AsyncIterable<LoneBundle> {
  readonly #places: readonly JudgedPlace[];
  readonly #evidence: Evidence;
  readonly #mastheads = new Map<string, Uint8Array[]>();

  constructor(places: readonly JudgedPlace[], evidence: Evidence) {
    this.#places = places;
    this.#evidence = evidence;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<LoneBundle> {
    for (const [at, { id, cid, proof }] of this.#places.entries()) {
      if (at % YIELD_EVERY === YIELD_EVERY - 1) await setImmediate();
      const bundle = await offerBundle({ id, cid }, 'alone', this.#evidence);
      const folder = proof?.mastheads ?? requireEntry(await this.#evidence.directory(cid), 'masthead');
      yield { ...bundle, mastheads: await this.#mastheadsIn(folder), entry: proof?.entry };
    }
  }

  async #mastheadsIn(folder: CID): Promise<Uint8Array[]> {
    const key = folder.toString();
    const files = this.#mastheads.get(key) ?? (await this.#evidence.mastheadFiles(folder));
    this.#mastheads.set(key, files);
    return files;
  }
}
