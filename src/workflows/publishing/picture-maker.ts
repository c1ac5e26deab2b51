import type { Original, Variant } from '../../bundle/pictures/make-variants.ts';

/** Decodes pictures, and makes their variants. */
export interface PictureMaker extends AsyncDisposable {
  /** Pictures that are worth being asked for at a time. */
  readonly lanes: number;
  /**
   * Which thread a variant was made on cannot be told from it.
   *
   * @throws {OvnError} `malformed` or `limit` for what cannot be decoded; what `signal` says.
   */
  make(picture: Original, signal: AbortSignal): Promise<Variant[]>;
}

/** Makes them on this thread, one after the other. What it takes is loaded when the first picture comes. */
export const picturesHere: PictureMaker = {
  lanes: 1,
  async make(picture, signal) {
    signal.throwIfAborted();
    const { makeVariants, loadCodec } = await loadPictures();
    return await makeVariants(picture, loadCodec);
  },
  async [Symbol.asyncDispose]() {},
};

/**
 * Decodes a picture on this thread, as it will be when it is published.
 *
 * @throws {OvnError} `malformed` or `limit` for what cannot be decoded.
 */
export async function requirePublishable(picture: Original): Promise<void> {
  const { requireDecodable, loadCodec } = await loadPictures();
  await requireDecodable(picture, loadCodec);
}

async function loadPictures() {
  const [variants, files] = await Promise.all([
    import('../../bundle/pictures/make-variants.ts'),
    import('./codec-files.ts'),
  ]);
  return { ...variants, ...files };
}
