/** The part of a term by which its shard is chosen, so that all terms that begin like a query's word lie in one. */
export function keyOf(term: string): string {
  const first = term.charCodeAt(0);
  const isHan = (first >= 0x3400 && first < 0xa000) || (first >= 0xf900 && first < 0xfb00);
  if (isHan) return term.slice(0, 1);
  const isSyllabic = (first >= 0x3040 && first < 0x3100) || (first >= 0xac00 && first < 0xd800);
  return term.slice(0, isSyllabic ? 2 : 3);
}

/** The shard of a term among `count`. One shard more takes only from one other (linear hashing). */
export function shardOf(term: string, count: number): number {
  let power = 1;
  while (power < count) power *= 2;
  const at = hashOf(keyOf(term)) & (power - 1);
  return at < count ? at : at - power / 2;
}

/** The shard that gave a part of its terms to shard `at` when that was added. */
export function parentOf(at: number): number {
  let power = 1;
  while (power * 2 <= at) power *= 2;
  return at === 0 ? 0 : at - power;
}

/** FNV-1a of 32 bits over UTF-16 code units, with its high bits mixed into the low ones. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at++) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x85ebca6b);
  return (hash ^ (hash >>> 13)) >>> 0;
}
