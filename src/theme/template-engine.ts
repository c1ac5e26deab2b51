import { type Emitter, Liquid, LiquidError, Tag, type TagToken, type Template } from 'liquidjs';
import { escapeHtml } from '../article/html.ts';
import { OvnError } from '../errors.ts';
import { type Piece, scanTemplate, TemplateFault, type TemplateRules } from './scan-template.ts';
import type { Theme } from './theme.ts';

/** Of these the result is the same on every machine and with every version of its language. */
const FILTERS: ReadonlySet<string> = new Set(
  'append at_least at_most default divided_by first join last minus modulo plus prepend remove replace reverse size slice strip times'.split(
    ' ',
  ),
);
/** Whatever reads a file, or writes what is not escaped, is not among them. */
const TAGS: ReadonlySet<string> = new Set(
  '# assign break capture case comment continue cycle echo for if liquid part raw render unless'.split(' '),
);

const PARSE_LIMIT = 256 * 1024;
/** Steps of one rendering: deterministic, as a limit of time is not. */
const STEP_LIMIT = 100_000;
const MEMORY_LIMIT = 1_000_000;
/** Characters that one template may give, besides its parts. */
const OUTPUT_LIMIT = 256 * 1024;

/** `{% part NAME %}`: a finished piece of the page. What is written for it is not a tag that text could be: `<` is escaped there. */
class PartTag extends Tag {
  readonly #name: string;

  constructor(token: TagToken, rest: ConstructorParameters<typeof Tag>[1], liquid: Liquid) {
    super(token, rest, liquid);
    this.#name = token.args.trim();
    if (!/^[a-z]+$/.test(this.#name)) throw new Error('a part has a name: {% part headline %}');
  }

  render(_context: unknown, emitter: Emitter): void {
    emitter.write(`<part:${this.#name}>`);
  }
}

/** Lays parts out, and refuses what may not be. `of` names what is laid out, for messages. */
export type LayOut = (
  parts: Readonly<Record<string, string>>,
  data: Record<string, unknown>,
  of?: string,
) => string;

/** The templates of a theme, read once. */
export class TemplateEngine {
  readonly #liquid: Liquid;
  readonly #theme: Theme;

  constructor(theme: Theme) {
    this.#theme = theme;
    this.#liquid = new Liquid({
      templates: theme.templates,
      extname: '.liquid',
      ownPropertyOnly: true,
      strictFilters: true,
      strictVariables: true,
      lenientIf: true,
      parseLimit: PARSE_LIMIT,
      memoryLimit: MEMORY_LIMIT,
      outputEscape: escapeValue,
      cache: true,
    });
    const { filters, tags } = this.#liquid;
    this.#liquid.registerTag('part', PartTag);
    for (const name of Object.keys(filters)) if (!FILTERS.has(name)) delete filters[name];
    for (const name of Object.keys(tags)) if (!TAGS.has(name)) delete tags[name];
  }

  /**
   * Reads a template; nothing where the theme has none of that name.
   *
   * @throws {OvnError} `source`, with file and line.
   */
  compile(name: string, rules: TemplateRules): LayOut | undefined {
    const source = this.#theme.templates[name];
    if (source === undefined) return undefined;
    const parsed = this.#telling(name, () => this.#liquid.parse(source, name));
    return (parts, data, of) => this.#telling(name, () => this.#layOut(parsed, parts, rules, data), of);
  }

  #layOut(
    parsed: Template[],
    parts: Readonly<Record<string, string>>,
    rules: TemplateRules,
    data: Record<string, unknown>,
  ): string {
    const has = (part: string): boolean => (parts[part] ?? '') !== '';
    const scope = { ...data, has: Object.fromEntries(rules.parts.map((part) => [part, has(part)])) };
    const html = String(this.#liquid.renderSync(parsed, scope, { templateLimit: STEP_LIMIT }));
    if (html.length > OUTPUT_LIMIT)
      throw new TemplateFault(`it gives more than ${OUTPUT_LIMIT} characters`, '');
    const pieces = scanTemplate(html, rules, has);
    return join(pieces, parts);
  }

  /** Errors by file and line. */
  #telling<T>(name: string, work: () => T, of?: string): T {
    const told = (message: string): string =>
      of === undefined ? message : `${message} (in the page of ${of})`;
    try {
      return work();
    } catch (error) {
      if (error instanceof TemplateFault)
        throw failure(name, this.#lineOf(name, error.near), told(error.message));
      if (!LiquidError.is(error)) throw error;
      const { file = name } = error.token;
      const [line = 1] = error.token.getPosition();
      throw failure(file, line, told(error.originalError?.message ?? error.message));
    }
  }

  #lineOf(name: string, near: string): number {
    const source = this.#theme.templates[name] ?? '';
    const at = near === '' ? -1 : source.lastIndexOf(near);
    return at === -1 ? 1 : source.slice(0, at).split('\n').length;
  }
}

/** Lines on which nothing was written are left out: those of tags, and of parts of which there is nothing. */
function join(pieces: readonly Piece[], parts: Readonly<Record<string, string>>): string {
  const written = pieces.map((piece) =>
    'part' in piece ? (parts[piece.part] ?? '') : piece.html.replace(/\n\s*\n/g, '\n'),
  );
  let html = '';
  for (const each of written) html += html.endsWith('\n') && each.startsWith('\n') ? each.slice(1) : each;
  return html.trim();
}

function escapeValue(value: unknown): string {
  return value === undefined || value === null ? '' : escapeHtml(String(value));
}

function failure(name: string, line: number, message: string): OvnError {
  const file = `templates/${name}`;
  return new OvnError('source', `the theme has errors: ${file}:${line}: ${message}`, {
    findings: [{ severity: 'error', file, line, message }],
    hint: 'Mend what is named above and run it again.',
  });
}
