/** Puts each piece of a text that is to be kept in the place of which `put` says what stands there meanwhile. */
export type Pieces = (text: string, put: (piece: string) => string) => string;

/**
 * Changes a text but for some pieces of it.
 *
 * @param mark stands for a piece; one inside another needs another. No text holds it: control characters were taken out.
 */
export function keeping(
  text: string,
  kept: Pieces,
  change: (text: string) => string,
  mark: '\x01' | '\x02' = '\x01',
): string {
  const pieces: string[] = [];
  const changed = change(kept(text, (piece) => `${mark}${pieces.push(piece) - 1}${mark}`));
  return changed.replace(
    new RegExp(`${mark}(\\d+)${mark}`, 'g'),
    (_all, index: string) => pieces[Number(index)] ?? '',
  );
}
