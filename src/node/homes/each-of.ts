import type { CID } from 'multiformats/cid';
import type { Kept } from './home.ts';

/** Questions at once. */
const WIDTH = 6;

/**
 * Asks for each of these roots, some at once, by the text of its CID.
 * @throws the first error of `ask`; what is asked by then is waited for
 */
export async function eachOf(
  roots: readonly CID[],
  ask: (root: CID) => Promise<Kept>,
): Promise<Map<string, Kept>> {
  const answers = new Map<string, Kept>();
  const left = roots.values();
  let failure: { error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const root of left) {
      if (failure !== undefined) return;
      answers.set(`${root}`, await ask(root));
    }
  };
  const works = Array.from({ length: WIDTH }, () =>
    work().catch((error: unknown) => {
      failure ??= { error };
    }),
  );
  await Promise.all(works);
  if (failure !== undefined) throw failure.error;
  return answers;
}
