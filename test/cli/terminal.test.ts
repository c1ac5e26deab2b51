import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Terminal } from '../../src/cli/terminal.ts';

const ESC = '\u001b';
const GREEN = `${ESC}[32m`;
const PLAIN = `${ESC}[39m`;

/** A terminal that somebody watches in colour, and what it was sent. */
function watched(options: { json?: boolean } = {}): { terminal: Terminal; sent(): string } {
  const stdout = Object.assign(new PassThrough(), { isTTY: true });
  const streams = { stdout, stderr: stdout } as unknown as ConstructorParameters<typeof Terminal>[0];
  return { terminal: new Terminal(streams, options), sent: () => String(stdout.read() ?? '') };
}

// Whoever runs the tests may want no colours.
beforeEach(() => vi.stubEnv('NO_COLOR', ''));
afterEach(() => vi.unstubAllEnvs());

describe('Terminal', () => {
  it.each([
    ['a line break', 'a\n✓ published.md', 'a\\u000a✓ published.md'],
    ['a return to the line’s start', 'false\rtrue', 'false\\u000dtrue'],
    ['an escape sequence', `${ESC}[2K${GREEN}pass`, '\\u001b[2K\\u001b[32mpass'],
    ['one of C1', '\u009b2Kpass', '\\u009b2Kpass'],
    ['a delete', 'a\u007fb', 'a\\u007fb'],
    ['separators of lines', 'a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
    ['a bidi override', 'gpj.\u202ecod\u2066', 'gpj.\\u202ecod\\u2066'],
    ['half a character', 'a\ud800b', 'a\\ud800b'],
  ])('shows %s', (_, text, shown) => {
    const { terminal, sent } = watched();
    terminal.print(text);
    terminal.note(text);
    terminal.error(text);
    terminal.finding({ severity: 'warning', file: text, line: 1, message: text });
    const warning = `${shown}:1: ${ESC}[33mwarning${PLAIN}: ${shown}`;
    expect(sent()).toBe([shown, shown, shown, warning, ''].join('\n'));
  });

  it.each(['naïve – 世界 👩‍🚀', 'مرحبا\u200f', 'a\tb', 'C:\\news'])('leaves %j as it is', (text) => {
    const { terminal, sent } = watched();
    terminal.print(text);
    expect(sent()).toBe(`${text}\n`);
  });

  it('has colours of its own, and none of the text’s', () => {
    const { terminal, sent } = watched();
    terminal.print(`${terminal.style('green', 'pass')} ${GREEN}pass`, terminal.style('green', `${GREEN}x\n`));
    expect(sent()).toBe(`${GREEN}pass${PLAIN} \\u001b[32mpass\n${GREEN}\\u001b[32mx\\u000a${PLAIN}\n`);
  });

  it('prints as many lines as it is given, whatever is in them', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (lines) => {
        const { terminal, sent } = watched();
        terminal.print(...lines);
        const all = sent();
        expect(all.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/)).toHaveLength(lines.length + 1);
        expect(all).not.toContain(ESC);
      }),
    );
  });

  it('leaves JSON to its own rules', () => {
    const { terminal, sent } = watched({ json: true });
    terminal.printJson({ file: 'a\n\u202e' });
    expect(JSON.parse(sent())).toEqual({ file: 'a\n\u202e' });
  });
});
