import type { RefusalReason, Served } from '../../node/served/served.ts';

/** The same, and counts what is refused over HTTP, where it is asked for the reason. */
export function countingRefusals(served: Served, count: (reason: RefusalReason) => void): Served {
  const counted = (reason: RefusalReason | undefined): RefusalReason | undefined => {
    if (reason !== undefined) count(reason);
    return reason;
  };
  return {
    allows: (cid) => served.allows(cid),
    refusal: (cid) => counted(served.refusal(cid)),
    refusesPath: (path) => counted(served.refusesPath(path)),
    catchUp: () => served.catchUp?.(),
  };
}

/** The same, and counts what is not given over bitswap, where nobody asks for the reason. */
export function countingDenials(
  served: Served,
  count: (reason: RefusalReason | 'not-served') => void,
): Served {
  return {
    allows: (cid) => {
      const isAllowed = served.allows(cid);
      if (!isAllowed) count(served.refusal(cid) ?? 'not-served');
      return isAllowed;
    },
    refusal: (cid) => served.refusal(cid),
    refusesPath: (path) => served.refusesPath(path),
    catchUp: () => served.catchUp?.(),
  };
}
