import { OvnError } from '../../errors.ts';
import type { Kept } from './home.ts';
import type { PinPage } from './pinning-answers.ts';
import type { PinningCalls } from './pinning-calls.ts';

/** Pages of a thousand. */
const MOST_PAGES = 1000;
/** Of a service that gives more at once than it was asked for. */
const MOST_PINS = 1_000_000;

/** Said by IPFS Cluster while its Kubo is down. */
export const SAYS_NOTHING = 'it says that it has nothing at all';

const NOTHING_HINT =
  'IPFS Cluster says so too while its Kubo is down: look whether it is up, and whether anything is left there.';

/**
 * All pins of a pinning service, page by page (API 1.0.0, "Pagination and filtering"). A millisecond is asked for twice: its client cuts
 * times off there, and IPFS Cluster's `before` includes the time itself. An empty list is not believed: that of IPFS Cluster is empty while
 * its Kubo is down.
 *
 * @throws {OvnError} `incomplete` where there is nothing in it, `refused` for a list of several pages in no order, `limit` for one without
 *   end, and as the calls.
 */
export async function* listPins(
  calls: Pick<PinningCalls, 'page'>,
  signal: AbortSignal,
): AsyncGenerator<Kept> {
  const seen = new Set<string>();
  let before: number | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages++) {
    const page = await calls.page(before === undefined ? {} : { before }, signal);
    const fresh = page.requests.filter(({ requestid }) => !seen.has(requestid));
    for (const { requestid, kept } of fresh) {
      seen.add(requestid);
      yield kept;
    }
    if (seen.size === 0) throw new OvnError('incomplete', SAYS_NOTHING, { hint: NOTHING_HINT });
    if (seen.size > MOST_PINS) break;
    const last = page.requests.at(-1);
    if (last === undefined || page.count <= page.requests.length) return;
    requireOrder(page);
    if (fresh.length === 0) throw new OvnError('refused', 'its list of pins does not go on');
    before = last.created + 1;
  }
  throw new OvnError('limit', 'its list of pins has no end');
}

/** The oldest must be the last, or what is asked for next leaves some out. */
function requireOrder({ count, requests }: PinPage): void {
  const isInOrder = requests.every((request, at) => request.created <= (requests[at - 1] ?? request).created);
  if (isInOrder) return;
  throw new OvnError('refused', `it lists its ${count} pins in no order, ${requests.length} at a time`, {
    hint: 'What it holds of ours can still be asked for by CID.',
  });
}
