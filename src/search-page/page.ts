import { BadIndex } from '../edition/search/byte-reader.ts';
import type { PageElement, PageWindow } from './browser.ts';
import { createFetch, Missing } from './fetch-file.ts';
import type { Place } from './index-files.ts';
import { type AskedTerm, termsOf } from './question.ts';
import { resultItem } from './result-item.ts';
import { type Found, SearchIndex } from './search-index.ts';

/** How many articles are shown at a time. */
const PAGE = 10;
/** Milliseconds without a keystroke, after which what is written is searched. */
const PAUSE = 250;
const LONGEST_QUESTION = 200;

/** The page: a field, how many articles were found, and the best of them. */
export class SearchPage {
  readonly #window: PageWindow;
  readonly #index: SearchIndex;
  #running = new AbortController();
  #pause: ReturnType<typeof setTimeout> | undefined;
  /** What the shown list answers. */
  #answered: string | undefined;
  #more: () => Promise<void> = async () => {};

  constructor(window: PageWindow) {
    this.#window = window;
    this.#index = new SearchIndex(createFetch(window.location.href));
  }

  /** Takes the place of what the page says where no script runs. */
  start(): void {
    const field = this.#element('q');
    this.#element('form').hidden = false;
    this.#say('');
    this.#element('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask();
    });
    field.addEventListener('input', () => {
      clearTimeout(this.#pause);
      this.#pause = setTimeout(() => this.#ask(), PAUSE);
    });
    field.addEventListener('focus', () => void this.#index.index(this.#running.signal).catch(() => {}));
    this.#element('more').addEventListener('click', () => void this.#more());
    this.#window.addEventListener('hashchange', () => this.#read());
    this.#read();
    if (field.value === '') field.focus();
  }

  /** The question of the address. */
  #read(): void {
    const { hash, search } = this.#window.location;
    const text = new URLSearchParams(hash.slice(1)).get('q') ?? new URLSearchParams(search).get('q') ?? '';
    this.#element('q').value = text.slice(0, LONGEST_QUESTION);
    this.#answer();
  }

  /** The question goes into the address, so that it can be kept and passed on. */
  #ask(): void {
    clearTimeout(this.#pause);
    const fragment = `#${new URLSearchParams({ q: this.#element('q').value.trim() })}`;
    if (this.#window.location.hash !== fragment) this.#window.history.replaceState(null, '', fragment);
    this.#answer();
  }

  #answer(): void {
    const question = this.#element('q').value.trim().slice(0, LONGEST_QUESTION);
    if (question === this.#answered) return;
    this.#answered = question;
    this.#running.abort();
    this.#running = new AbortController();
    this.#attempt((signal) => this.#search(termsOf(question), signal));
  }

  async #search(terms: readonly AskedTerm[], signal: AbortSignal): Promise<void> {
    this.#more = async () => {};
    if (terms.length === 0) return this.#clear('');
    const late = setTimeout(() => this.#say('searching'), PAUSE);
    try {
      const places = await this.#index.search(terms, signal);
      const first = await this.#index.show(places.slice(0, PAGE), signal);
      signal.throwIfAborted();
      clearTimeout(late);
      this.#clear(places.length === 0 ? 'none' : 'found', places.length);
      this.#list(first, terms);
      this.#offer(places.slice(PAGE), terms);
    } finally {
      clearTimeout(late);
    }
  }

  /** Shows the next ones when they are asked for. */
  #offer(places: readonly Place[], terms: readonly AskedTerm[]): void {
    this.#element('more').hidden = places.length === 0;
    this.#more = async () => {
      this.#more = async () => {};
      this.#attempt(async (signal) => {
        const next = await this.#index.show(places.slice(0, PAGE), signal);
        signal.throwIfAborted();
        this.#list(next, terms)?.focus();
        this.#offer(places.slice(PAGE), terms);
      });
    };
  }

  #attempt(run: (signal: AbortSignal) => Promise<void>): void {
    const { signal } = this.#running;
    run(signal).catch((error: unknown) => {
      if (signal.aborted) return;
      this.#answered = undefined;
      const reason = error instanceof Missing ? 'missing' : error instanceof BadIndex ? 'damaged' : 'failed';
      this.#clear(reason);
    });
  }

  #clear(says: string, count = 0): void {
    this.#element('results').replaceChildren();
    this.#element('more').hidden = true;
    this.#say(says, count);
  }

  /** Words of the page, which it has in its own language. */
  #say(name: string, count = 0): void {
    const status = this.#element('status');
    const words = status.dataset[name] ?? '';
    status.textContent = words.replace('{count}', String(count));
  }

  /** Adds articles to the list, and gives the link of the first. */
  #list(articles: readonly Found[], terms: readonly AskedTerm[]): PageElement | undefined {
    const added = articles.map((article) => resultItem(this.#window.document, article, terms));
    this.#element('results').append(...added.map(({ item }) => item));
    return added[0]?.link;
  }

  #element(id: string): PageElement {
    const element = this.#window.document.getElementById(id);
    if (element === null) throw new Error(id);
    return element;
  }
}
