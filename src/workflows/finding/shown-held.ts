import { CID } from 'multiformats/cid';
import { OvnError } from '../../errors.ts';
import { NOTE_LIMIT } from '../../log/note.ts';
import { formatDocument, type ShownEdition } from '../../node/mirrors/document.ts';
import { parseName } from '../../node/names/name.ts';
import type { Served } from '../../node/served/served.ts';
import { ChangeCounter } from '../../repo/change-counter.ts';
import type { Followed } from '../../repo/followed.ts';
import type { Repository } from '../../repo/repository.ts';
import type { BlockReader } from '../../unixfs/block.ts';
import { resolvePath } from '../../unixfs/directory.ts';
import { readFile } from '../../unixfs/file.ts';
import { publicationName } from '../serving/publication-name.ts';

export interface ShownHeldEffects {
  repository: Repository;
  read: BlockReader;
  /** What is not served is not shown either. */
  served: Pick<Served, 'allows'>;
  /** Root of the edition of the own paper that is shown. */
  edition(): string | undefined;
  /** Where the node is met. */
  multiaddrs(): readonly string[];
}

/** How long one answer is given to all who ask, as long as nothing changes; ms. */
const LASTS_MS = 1000;

/**
 * What is shown at `/.well-known/openvoicenews`: the own publication first, then all that are followed, each with its newest record and its
 * checkpoint. However often it is asked for, it is made once as long as nothing changes.
 */
export class ShownHeld {
  readonly #effects: ShownHeldEffects;
  readonly #changes: ChangeCounter;
  /** Signed notes by the root of their edition. */
  #notes = new Map<string, string | null>();
  #whole: { version: string; until: number; bytes: Promise<Uint8Array> } | undefined;

  constructor(effects: ShownHeldEffects) {
    this.#effects = effects;
    this.#changes = new ChangeCounter(effects.repository.db);
  }

  /** The document of everything, or of one publication by its id or IPNS name. */
  async bytes(about: string | undefined): Promise<Uint8Array> {
    if (about !== undefined) return this.#make(this.#held(about));
    const version = this.#changes.read();
    const now = performance.now();
    if (this.#whole === undefined || this.#whole.version !== version || this.#whole.until <= now) {
      const bytes = this.#make(this.#held(undefined));
      this.#whole = { version, until: now + LASTS_MS, bytes };
    }
    return this.#whole.bytes;
  }

  #held(about: string | undefined): Held[] {
    const { repository, served } = this.#effects;
    const own = this.#own();
    const followed = isId(about) ? [repository.followed.get(about)] : repository.followed.list();
    const all = [own, ...followed.map((each) => each && heldOf(each))].filter((each) => each !== undefined);
    return all.filter(({ publication, name, edition }) => {
      const isMeant = about === undefined || about === publication || about === name;
      return isMeant && served.allows(CID.parse(edition));
    });
  }

  #own(): Held | undefined {
    const { repository } = this.#effects;
    const edition = repository.isMirror ? undefined : this.#effects.edition();
    const head = edition === undefined ? undefined : repository.editionOf(edition);
    if (edition === undefined || head === undefined) return undefined;
    const name = publicationName(repository) ?? null;
    const { sequence } = head;
    return { publication: repository.publicationId, name, edition, sequence, whole: true, categories: null };
  }

  async #make(held: readonly Held[]): Promise<Uint8Array> {
    const { repository, multiaddrs } = this.#effects;
    const publications = new Map<string, ShownEdition>();
    for (const { publication, ...shown } of held) {
      const record = this.#record(shown.name);
      publications.set(publication, { ...shown, record, checkpoint: await this.#note(shown.edition) });
    }
    const editions = new Set(held.map(({ edition }) => edition));
    if (this.#notes.size > 2 * editions.size + 64)
      this.#notes = new Map([...this.#notes].filter(([edition]) => editions.has(edition)));
    const own = repository.isMirror ? null : repository.publicationId;
    return formatDocument({ own, multiaddrs: [...multiaddrs()], publications });
  }

  /** The newest that is kept, also where it has expired: it shows what was confirmed last. */
  #record(name: string | null): Uint8Array | null {
    const parsed = name === null ? undefined : parseName(name);
    return parsed === undefined ? null : (this.#effects.repository.names.get(parsed)?.bytes ?? null);
  }

  async #note(edition: string): Promise<string | null> {
    const known = this.#notes.get(edition);
    if (known !== undefined) return known;
    const note = await readNote(CID.parse(edition), this.#effects.read);
    this.#notes.set(edition, note);
    return note;
  }
}

type Held = { publication: string } & Omit<ShownEdition, 'record' | 'checkpoint'>;

function heldOf(followed: Followed): Held | undefined {
  const { publication, name, edition, sequence, whole, choice, heldBy } = followed;
  if (edition === null || sequence === null) return undefined;
  return { publication, name, edition, sequence, whole, categories: (heldBy ?? choice).categories };
}

function isId(about: string | undefined): about is string {
  return about?.startsWith('bafkrei') === true;
}

/** Nothing where the edition has no log, or its blocks are not all here. */
async function readNote(edition: CID, read: BlockReader): Promise<string | null> {
  try {
    const link = await resolvePath(edition, ['log', 'checkpoint'], read);
    if (link === undefined) return null;
    return Buffer.from(await readFile(link.cid, read, { limit: NOTE_LIMIT })).toString('utf8');
  } catch (error) {
    if (error instanceof OvnError) return null;
    throw error;
  }
}
