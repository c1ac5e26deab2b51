import * as v from 'valibot';
import type { Meta } from './meta.ts';

/** That a mirror was seen to hold all of a root. */
export interface MirrorSighting {
  cid: string;
  /** Address of the mirror. */
  who: string;
  /** UTC. */
  at: string;
}

const KEY = 'mirror-sightings';
/** Most that are kept: the last ones. */
const MOST = 256;

const STORED = v.array(v.object({ cid: v.string(), who: v.string(), at: v.string() }));

/** What mirrors were seen to hold when they were asked, so that `ovn status` can say it without asking again. A help, and no record. */
export class MirrorSightings {
  readonly #meta: Meta;

  constructor(meta: Meta) {
    this.#meta = meta;
  }

  /** The last first. */
  list(): MirrorSighting[] {
    try {
      const result = v.safeParse(STORED, JSON.parse(this.#meta.get(KEY) ?? '[]'));
      return result.success ? result.output : [];
    } catch {
      return [];
    }
  }

  /**
   * Notes what a mirror was seen to hold, in place of all that it was before.
   *
   * @param unsure roots of which nothing was learnt: what was seen of them stands.
   */
  note(who: string, held: readonly string[], { unsure, at }: { unsure: readonly string[]; at: Date }): void {
    const seen = held.map((cid): MirrorSighting => ({ cid, who, at: at.toISOString() }));
    const others = this.list().filter((each) => each.who !== who || unsure.includes(each.cid));
    this.#meta.set(KEY, JSON.stringify([...seen, ...others].slice(0, MOST)));
  }
}
