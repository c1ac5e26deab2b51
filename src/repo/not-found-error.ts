/** What the ecosystem's stores throw for a key they do not hold; Helia knows it by its name. */
export class NotFoundError extends Error {
  override readonly name = 'NotFoundError';
  readonly code = 'ERR_NOT_FOUND';
}
