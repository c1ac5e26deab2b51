import * as v from 'valibot';
import { OvnError } from '../errors.ts';
import type { Meta } from './meta.ts';

/** A checkpoint that others showed us: a witness, an imported edition, a mirror. Its signature was checked before. */
export interface StoredCheckpoint {
  origin: string;
  /** Entries of the log. */
  size: number;
  /** Base64, as in the checkpoint. */
  root: string;
  /** The whole note with its signatures: the evidence. */
  note: string;
  /** Where it came from, in words for people: a file, an address. */
  source: string;
  /** UTC. */
  seen: string;
}

const KEY = 'seen-checkpoints';
/** Most that are kept: the largest ones, because they tell most. */
const MOST = 64;

const STORED = v.array(
  v.object({
    origin: v.string(),
    size: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
    root: v.string(),
    note: v.string(),
    source: v.string(),
    seen: v.string(),
  }),
);

/** Checkpoints of others by their memory of them: what keeps a restored repository from forking its own log. */
export class SeenCheckpoints {
  readonly #meta: Meta;

  constructor(meta: Meta) {
    this.#meta = meta;
  }

  /** Largest first. */
  list(): StoredCheckpoint[] {
    const text = this.#meta.get(KEY);
    if (text === undefined) return [];
    try {
      return v.parse(STORED, JSON.parse(text));
    } catch (error) {
      throw new OvnError('damaged', 'the checkpoints that were seen cannot be read', { cause: error });
    }
  }

  /** Keeps a checkpoint, in the caller's transaction; one of the same log, size and root is kept once. */
  note(checkpoint: StoredCheckpoint): void {
    const same = ({ origin, size, root }: StoredCheckpoint): boolean =>
      origin === checkpoint.origin && size === checkpoint.size && root === checkpoint.root;
    const known = this.list();
    if (known.some(same)) return;
    const all = [...known, checkpoint].sort((a, b) => b.size - a.size).slice(0, MOST);
    this.#meta.set(KEY, JSON.stringify(all));
  }
}
