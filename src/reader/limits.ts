/** Bounds of what a reader takes in, in one table. Sizes of single documents stand with their formats. */
export const LIMITS = {
  /** Largest sequence: what `manifests/` is laid out for, and centuries of newspapers. */
  sequence: 10_000_000,
  /** Largest log, in entries. */
  logSize: 2 ** 40,
  /** All mastheads of a publication together, in bytes: they are in its memory and in every evidence. */
  mastheads: 4 * 1024 * 1024,
  /** Largest memory of one publication, in bytes. */
  memory: 16 * 1024 * 1024,
  /** Largest evidence file, in bytes. */
  evidence: 16 * 1024 * 1024,
} as const;
