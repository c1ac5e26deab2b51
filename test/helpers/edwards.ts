/**
 * Edwards25519 by the book (RFC 8032, section 5.1), slow, to find the points of small order independently of
 * any list.
 */
const P = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n);

type Point = readonly [x: bigint, y: bigint];

/** The y coordinates of the eight points of small order: five different ones. */
export function smallOrderYs(): Set<bigint> {
  for (let y = 2n; ; y++) {
    const point = pointAt(y);
    if (point === undefined) continue;
    const multiples = multiplesOf(multiply(point, ORDER));
    if (multiples.length === 8) return new Set(multiples.map(([, each]) => each));
  }
}

/** A field element as 32 bytes, least first. */
export function littleEndian(y: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, at) => Number((y >> BigInt(8 * at)) & 0xffn));
}

/** The prime of the field. */
export const FIELD = P;

function multiplesOf(point: Point): Point[] {
  const found = [point];
  for (let next = add(point, point); next[0] !== point[0] || next[1] !== point[1]; next = add(next, point))
    found.push(next);
  return found;
}

function pointAt(y: bigint): Point | undefined {
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n));
  const candidate = power(square, (P + 3n) / 8n);
  const x = mod(candidate * candidate) === square ? candidate : mod(candidate * ROOT_OF_MINUS_ONE);
  return mod(x * x) === square ? [x, y] : undefined;
}

function add([x1, y1]: Point, [x2, y2]: Point): Point {
  const product = mod(D * x1 * x2 * y1 * y2);
  return [mod((x1 * y2 + x2 * y1) * inverse(1n + product)), mod((y1 * y2 + x1 * x2) * inverse(1n - product))];
}

function multiply(point: Point, factor: bigint): Point {
  let sum: Point = [0n, 1n];
  for (let power = point, rest = factor; rest > 0n; power = add(power, power), rest >>= 1n) {
    if (rest & 1n) sum = add(sum, power);
  }
  return sum;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = mod(base), rest = exponent; rest > 0n; square = mod(square * square), rest >>= 1n) {
    if (rest & 1n) result = mod(result * square);
  }
  return result;
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n);
}

function mod(value: bigint): bigint {
  return ((value % P) + P) % P;
}
