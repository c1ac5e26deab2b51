import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { formatName } from '../../node/names/name.ts';
import { type Check, requirePassed } from '../../trust/check.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { namesOf } from '../naming/own-names.ts';
import { type JudgedDocuments, judgeDocuments } from '../verification/edition.ts';
import { Evidence } from '../verification/judging.ts';
import type { FollowTarget, Offer, Offers } from './offers.ts';
import { withinLimits } from './within-limits.ts';

/** Different editions that are looked at. */
const MOST_EDITIONS = 16;

/** An offer whose documents hold, and are of the publication that is looked for. */
export interface Candidate {
  offer: Offer;
  documents: JudgedDocuments;
}

export interface JudgeOffersEffects {
  /** Reads what is offered; it may fetch. */
  read: BlockReader;
  now: Date;
  signal: AbortSignal;
  /** For the documents of each edition, in ms; see {@link withinLimits}. */
  documentsMs?: number | undefined;
}

/** Each edition is judged once, whoever offers it; what does not hold is told with who offered it. */
export async function judgeOffers(
  offers: readonly Offer[],
  target: FollowTarget,
  effects: JudgeOffersEffects,
  failures: Offers['failures'],
): Promise<Candidate[]> {
  const judged = new Map<string, Promise<JudgedDocuments>>();
  const documentsOf = (edition: string): Promise<JudgedDocuments> => {
    const known = judged.get(edition);
    if (known !== undefined) return known;
    if (judged.size >= MOST_EDITIONS) throw new OvnError('limit', 'too many others are offered');
    const reading = readDocuments(edition, effects);
    judged.set(edition, reading);
    return reading;
  };
  const judging = offers.map(async (offer): Promise<Candidate[]> => {
    try {
      const documents = await documentsOf(offer.edition);
      requireMeant(offer, documents, target);
      return [{ offer, documents }];
    } catch (error) {
      effects.signal.throwIfAborted();
      if (!(error instanceof OvnError)) throw error;
      failures.push({ from: offer.from, why: `${offer.edition}: ${error.message}` });
      return [];
    }
  });
  return (await Promise.all(judging)).flat();
}

async function readDocuments(
  edition: string,
  { read, documentsMs, ...options }: JudgeOffersEffects,
): Promise<JudgedDocuments> {
  const checks: Check[] = [];
  const evidence = new Evidence(withinLimits(read, documentsMs), options);
  const documents = await judgeDocuments(checks, CID.parse(edition), evidence);
  requirePassed(checks, 'edition');
  if (documents === undefined) throw new Error('an edition without a failed check has documents');
  return documents;
}

/** Whoever shows something for a name has to show that it is of a publication with that name, by record or masthead. */
function requireMeant(
  { led, publication: claimed }: Offer,
  { mastheads }: JudgedDocuments,
  { publication = claimed, name }: FollowTarget,
): void {
  const id = mastheads.publicationId;
  if (publication !== undefined && publication !== id)
    throw new OvnError('refused', `it is of publication ${id}, not of ${publication}`);
  const isLed = led !== undefined && formatName(led.name) === name;
  if (name === undefined || isLed) return;
  const isNamed = namesOf(mastheads).some((own) => own.state !== 'revoked' && formatName(own.name) === name);
  if (!isNamed) throw new OvnError('refused', `publication ${id} does not have the name ${name}`);
}
