import { findLack, type PageElement, type PageWindow } from './browser.ts';
import { messageOf } from './failure.ts';
import { createFetch } from './fetch-bytes.ts';
import { locate, type Question, readFragment, writeFragment } from './question.ts';
import { type Check, Report } from './report.ts';
import { type Facts, judge, type Verdict } from './verdict.ts';
import { verify } from './verify.ts';

const FIELDS = ['id', 'what', 'root', 'gateway'] as const;
const WORDS: Record<Check['result'], string> = {
  pass: 'Holds',
  fail: 'Does not hold',
  'not-checked': 'Not checked',
};
const COLOURS: Record<Verdict['colour'], string> = { green: 'Green', amber: 'Amber', red: 'Red' };

/** The page: a form, one line for every check, and what they mean together. */
export class VerifyPage {
  readonly #window: PageWindow;
  #running = new AbortController();

  constructor(window: PageWindow) {
    this.#window = window;
  }

  /** Takes the place of what the page says where no script runs. */
  start(): void {
    this.#element('form').hidden = false;
    this.#element('form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.#element('stop').addEventListener('click', () => this.#running.abort());
    this.#window.addEventListener('hashchange', () => this.#answer());
    const isAsked = this.#window.location.hash.length > 1;
    if (isAsked) this.#answer();
    else this.#show({ colour: 'amber', title: 'Nothing is checked yet', detail: 'Choose what to check.' });
  }

  /** The question goes into the address, so that it can be kept and passed on. */
  #ask(): void {
    const values = Object.fromEntries(FIELDS.map((name) => [name, this.#element(name).value.trim()]));
    const fragment = writeFragment(values as unknown as Question) || '#what=';
    if (this.#window.location.hash === fragment) this.#answer();
    else this.#window.location.hash = fragment;
  }

  #answer(): void {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    this.#run(signal).catch((error: unknown) => {
      this.#finish();
      const title = signal.aborted ? 'Stopped' : 'Not confirmed: this page failed';
      this.#show({ colour: 'amber', title, detail: messageOf(error) });
    });
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { location } = this.#window;
    const question = readFragment(location.hash);
    for (const name of FIELDS) this.#element(name).value = question[name];
    this.#element('checks').replaceChildren();
    this.#element('facts').replaceChildren();
    this.#show({ colour: 'amber', title: 'Checking …', detail: 'Nothing is confirmed before the end.' });
    const lack = await findLack(this.#window);
    if (lack !== undefined) {
      const detail = `${lack} Without a browser: ovn verify.`;
      this.#show({ colour: 'amber', title: 'This browser cannot check', detail });
      return;
    }
    this.#element('stop').hidden = false;
    const report = new Report((check) => !signal.aborted && this.#addCheck(check));
    const start = { question, place: locate(location.href), now: new Date(), fetch: createFetch(signal) };
    const facts = await verify(report, start);
    signal.throwIfAborted();
    this.#finish();
    this.#showFacts(facts);
    this.#show(judge(report, facts));
  }

  #finish(): void {
    this.#element('stop').hidden = true;
  }

  #show({ colour, title, detail }: Verdict): void {
    const verdict = this.#element('verdict');
    verdict.className = colour;
    verdict.replaceChildren(
      this.#make('p', { className: 'colour' }, COLOURS[colour]),
      this.#make('h2', {}, title),
      this.#make('p', {}, detail),
    );
  }

  #addCheck({ name, result, detail }: Check): void {
    const item = this.#make('li', { className: result });
    item.append(this.#make('strong', {}, WORDS[result]), ' ', this.#make('code', {}, name), ` ${detail}`);
    this.#element('checks').append(item);
  }

  #showFacts(facts: Facts): void {
    const rows: [string, string | undefined][] = [
      ['Publication id', facts.publication],
      ['Name that it gives itself', facts.name],
      ['What was checked', facts.what],
      ['Its CID', facts.cid],
      ['Edition', facts.edition],
      ['Sequence', facts.sequence === undefined ? undefined : `${facts.sequence}, issued ${facts.issued}`],
      ['Manifest', facts.manifest],
      ['Manifest signed by', facts.signedBy],
    ];
    for (const [term, value] of rows) {
      if (value === undefined) continue;
      this.#element('facts').append(this.#make('dt', {}, term), this.#make('dd', {}, value));
    }
  }

  #make(name: string, { className = '' }: { className?: string }, text = ''): PageElement {
    const element = this.#window.document.createElement(name);
    if (className !== '') element.className = className;
    element.textContent = text;
    return element;
  }

  #element(id: string): PageElement {
    const element = this.#window.document.getElementById(id);
    if (element === null) throw new Error(`the page has no element "${id}"`);
    return element;
  }
}
