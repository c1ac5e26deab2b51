import * as v from 'valibot';
import type { Meta } from './meta.ts';

/** That a mirror said that it holds all of a root. */
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

/** What mirrors said when they were asked, so that `ovn status` can say it without asking again. A help, and no record. */
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

  /** Keeps what was said, in place of what the same mirror said of the same root. */
  note(sightings: readonly MirrorSighting[]): void {
    const keyOf = ({ cid, who }: MirrorSighting): string => `${cid} ${who}`;
    const said = new Set(sightings.map(keyOf));
    const others = this.list().filter((each) => !said.has(keyOf(each)));
    this.#meta.set(KEY, JSON.stringify([...sightings, ...others].slice(0, MOST)));
  }
}
