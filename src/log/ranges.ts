/**
 * Entries `start` to `end` (exclusive): a subtree of the Merkle tree, or the incomplete one at its right
 * edge.
 */
export interface Range {
  start: number;
  end: number;
}

/**
 * The ranges whose hashes prove that entry `index` is in the tree of the first `size` entries, from the
 * leaf's sibling upwards: PATH of RFC 6962, section 2.1.1.
 *
 * @throws {RangeError} when there is no such entry: a defect of the caller.
 */
export function inclusionRanges(index: number, size: number): Range[] {
  requireWithin(index, size - 1);
  const ranges: Range[] = [];
  let whole = { start: 0, end: size };
  while (whole.end - whole.start > 1) {
    const [left, right] = split(whole);
    ranges.push(index < left.end ? right : left);
    whole = index < left.end ? left : right;
  }
  return ranges.reverse();
}

/**
 * The ranges whose hashes prove that the first `older` entries are a prefix of the first `newer`: PROOF of
 * RFC 6962, section 2.1.2. None where the sizes are equal, and none from size 0, where there is nothing to
 * prove.
 *
 * @throws {RangeError} when `older` is the larger one: a defect of the caller.
 */
export function consistencyRanges(older: number, newer: number): Range[] {
  requireWithin(older, newer);
  if (older === 0) return [];
  const ranges: Range[] = [];
  let whole = { start: 0, end: newer };
  while (whole.end !== older) {
    const [left, right] = split(whole);
    ranges.push(older <= left.end ? right : left);
    whole = older <= left.end ? left : right;
  }
  // The older tree itself is known to the reader, unless it ends inside.
  if (whole.start > 0) ranges.push(whole);
  return ranges.reverse();
}

/**
 * The complete subtrees that a range of the tree is made of, from the left, each smaller than the one before:
 * the range's hash is theirs, put together from the right.
 */
export function subtreesOf({ start, end }: Range): Range[] {
  const subtrees: Range[] = [];
  for (let from = start; from < end; ) {
    const to = from + largestPower(end - from);
    subtrees.push({ start: from, end: to });
    from = to;
  }
  return subtrees;
}

/** Left and right of the largest power of two below the size (RFC 6962, section 2.1). */
function split({ start, end }: Range): [Range, Range] {
  const middle = start + largestPower(end - start - 1);
  return [
    { start, end: middle },
    { start: middle, end },
  ];
}

/** The largest power of two that is not above the count. */
function largestPower(count: number): number {
  let power = 1;
  while (power * 2 <= count) power *= 2;
  return power;
}

function requireWithin(value: number, most: number): void {
  if (Number.isSafeInteger(value) && Number.isSafeInteger(most) && value >= 0 && value <= most) return;
  throw new RangeError(`${value} is not within 0 to ${most}`);
}
