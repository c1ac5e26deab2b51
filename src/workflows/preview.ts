import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { type Finding, OvnError } from '../errors.ts';
import type { ClockReading } from '../repo/last-clock.ts';
import { SETTINGS } from '../repo/places.ts';
import { Repository } from '../repo/repository.ts';
import { readSettings } from '../repo/settings.ts';
import { statFile } from '../repo/source-files.ts';
import { themeState } from '../repo/theme-files.ts';
import { buildPreview, type PreviewSite, type RevisionCache } from './previewing/build-preview.ts';
import { servePreview } from './previewing/preview-server.ts';
import type { PictureMaker } from './publishing/picture-maker.ts';
import { MemoryShelf } from './publishing/variant-shelf.ts';
import { every } from './serving/every.ts';
import { watchFolder } from './watching/watch-folder.ts';

export interface PreviewEffects {
  repository: Repository;
  now(): Date;
  clock(): ClockReading;
  pictures(): PictureMaker;
  signal: AbortSignal;
  /** Told of each state, the first included. */
  onBuilt(state: PreviewState): void;
  onListen(url: string): void;
  onDefect(error: unknown): void;
}

/** What is shown, and what is wrong with what should be shown. */
export interface PreviewState {
  /** The last site without an error; nothing before there was one. */
  site: PreviewSite | undefined;
  findings: readonly Finding[];
}

/** How often it is looked whether an embargo is over, ovn.json or the theme was written or another process has published; ms. */
const LOOK_MS = 1000;

/**
 * Serves the site as it would be published, with drafts and embargoed articles, until the signal comes; each change of a source is
 * shown at once. It signs nothing, stores nothing and writes nothing.
 *
 * @throws {OvnError} `not-found` without a folder of articles; `busy` when the port is taken; `damaged`.
 */
export async function preview(port: number, effects: PreviewEffects): Promise<void> {
  const { signal } = effects;
  const showing = new Showing(effects);
  await using _ending = { [Symbol.asyncDispose]: () => showing.settled() };
  using _watching = watchFolder(effects.repository.articlesDir, () => void showing.renew());
  await showing.renew();
  await Promise.race([showing.failed, undefined]);
  await using server = await servePreview(port, {
    site: { head: () => showing.root, read: (cid) => showing.read(cid), onDefect: effects.onDefect },
    marks: () => showing.marks,
  });
  showing.onChange = () => server.announce();
  effects.onListen(server.url);
  await using _looking = every(LOOK_MS, () => showing.look(), effects.onDefect);
  if (!signal.aborted) await Promise.race([once(signal, 'abort'), showing.failed]);
}

/** The state that is shown, made anew one change after the other. */
class Showing {
  onChange: () => void = () => {};
  /** Rejects when a state cannot be made, for what is no fault of the sources. */
  readonly failed: Promise<never>;
  readonly #effects: PreviewEffects;
  readonly #cache: RevisionCache = new Map();
  readonly #shelf = new MemoryShelf();
  readonly #run = randomUUID();
  #fail: (error: unknown) => void = () => {};
  #state: PreviewState = { site: undefined, findings: [] };
  #generation = 0;
  #basis = '';
  #building: Promise<void> | undefined;
  #isStale = false;
  /** Its theme's folder, where it has one. */
  #theme: string | undefined;

  constructor(effects: PreviewEffects) {
    this.#effects = effects;
    const { promise, reject } = Promise.withResolvers<never>();
    promise.catch(() => undefined);
    this.failed = promise;
    this.#fail = reject;
  }

  get root(): string | undefined {
    return this.#state.site?.root;
  }

  read(cid: Parameters<PreviewSite['read']>[0]): ReturnType<PreviewSite['read']> {
    return this.#state.site?.read(cid) ?? Promise.resolve(undefined);
  }

  get marks() {
    const generation = `${this.#run}-${this.#generation}`;
    return { generation, changed: this.#state.site?.changed ?? new Map(), findings: this.#state.findings };
  }

  /** Makes the state anew, and never throws: see {@link failed}; what changes meanwhile is looked at right after. Never two at a time. */
  renew(): Promise<void> {
    this.#isStale = true;
    this.#building ??= this.#buildAll().finally(() => {
      this.#building = undefined;
    });
    return this.#building;
  }

  /** When nothing is being made any more. */
  async settled(): Promise<void> {
    await this.#building;
  }

  /** Looks for what no source tells. */
  look(): void {
    if (this.#basisNow() !== this.#basis) void this.renew();
  }

  async #buildAll(): Promise<void> {
    try {
      while (this.#isStale) {
        this.#isStale = false;
        this.#basis = this.#basisNow();
        this.#show(await this.#build());
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  async #build(): Promise<PreviewState> {
    const { repository, now, clock, signal, pictures } = this.#effects;
    try {
      const { dir, db } = repository;
      const fresh = new Repository(dir, readSettings(join(dir, SETTINGS)), db);
      this.#lookAt(fresh.settings.theme);
      const site = await buildPreview({
        repository: fresh,
        now: now(),
        clock: clock(),
        signal,
        pictures,
        cache: this.#cache,
        shelf: this.#shelf,
      });
      return { site, findings: site.warnings };
    } catch (error) {
      signal.throwIfAborted();
      if (this.#basisNow() !== this.#basis) {
        // Another process published meanwhile: what was read may not belong together.
        this.#isStale = true;
        return this.#state;
      }
      return { site: this.#state.site, findings: findingsOf(error) };
    }
  }

  /** What is looked at from now on besides the sources. */
  #lookAt(theme: string | undefined): void {
    if (theme === this.#theme) return;
    this.#theme = theme;
    this.#basis = this.#basisNow();
  }

  #show(state: PreviewState): void {
    this.#state = state;
    this.#generation += 1;
    this.#effects.onBuilt(state);
    this.onChange();
  }

  /** The head, ovn.json, the theme, and the embargoes that are over. */
  #basisNow(): string {
    const { repository, clock } = this.#effects;
    const over = [...(this.#state.site?.changed.values() ?? [])].filter(
      ({ held }) => held?.until !== undefined && Date.parse(held.until) <= clock().wall,
    );
    const settings = statFile(join(repository.dir, SETTINGS));
    const theme = this.#theme === undefined ? '' : themeState(resolve(repository.dir, this.#theme));
    return JSON.stringify([repository.head()?.edition, settings, over.length, theme]);
  }
}

/** @throws whatever is not for the newsroom to mend */
function findingsOf(error: unknown): readonly Finding[] {
  if (!(error instanceof OvnError) || error.code === 'damaged') throw error;
  const { message, findings } = error;
  return findings.length > 0 ? findings : [{ severity: 'error', file: SETTINGS, line: 1, message }];
}
