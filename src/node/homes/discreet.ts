import type { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { secretForms } from './authorization.ts';
import { type Home, type HomeSecrets, type Kept, MAX_DETAIL } from './home.ts';

/** In the place of a secret. */
const HIDDEN = '***';

/** Control characters, and what turns the direction of text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/**
 * A home whose words may be shown: another side may say our secrets back to us, at any length, in its answers and in its errors. Every
 * error names the home.
 */
export function discreet(home: Home, { token }: HomeSecrets): Home {
  const forms = token === undefined ? [] : secretForms(token);
  const clean = (text: string): string => cleaned(text, forms);
  const shown = (kept: Kept): Kept => ({
    ...kept,
    ...(kept.detail === undefined ? {} : { detail: clean(kept.detail) }),
    ...(kept.name === undefined ? {} : { name: clean(kept.name) }),
  });
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw explained(error, home.id, clean);
    }
  };
  return {
    id: home.id,
    kind: home.kind,
    push: async (root, options) => shown(await guarded(home.push(root, options))),
    status: async (roots: readonly CID[], options) => {
      const said = await guarded(home.status(roots, options));
      return new Map([...said].map(([cid, kept]) => [cid, shown(kept)]));
    },
    list: async function* (options) {
      const items = home.list(options)[Symbol.asyncIterator]();
      try {
        for (let next = await guarded(items.next()); !next.done; next = await guarded(items.next()))
          yield shown(next.value);
      } finally {
        await items.return?.();
      }
    },
    release: (root, options) => guarded(home.release(root, options)),
    ...(home.reader === undefined ? {} : { reader: home.reader }),
    close: async () => home.close?.(),
  };
}

/** Without control characters and secrets, at most {@link MAX_DETAIL} characters long. */
function cleaned(text: string, secrets: readonly string[]): string {
  let shown = text.replace(UNSEEN, ' ').trim();
  for (const secret of secrets) shown = shown.replaceAll(secret, HIDDEN);
  return shown.length > MAX_DETAIL ? `${shown.slice(0, MAX_DETAIL)}…` : shown;
}

/** What is no error of ours is what its client met in an answer: its words are not for showing, and its cause neither. */
function explained(error: unknown, home: string, clean: (text: string) => string): unknown {
  if (!(error instanceof Error)) return new OvnError('io', `${home}: ${clean(String(error))}`);
  if (!(error instanceof OvnError)) return new OvnError('io', `${home}: ${clean(error.message)}`);
  if (error.code === 'interrupted') return error;
  const { code, hint } = error;
  return new OvnError(code, `${home}: ${clean(error.message)}`, hint === undefined ? {} : { hint });
}
