import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { type LogFormat, ServeLog } from '../../src/cli/serve-log.ts';
import { loggedVoice } from '../../src/cli/serve-voice.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { OvnError } from '../../src/errors.ts';

const TIME = '2026-01-10T12:00:00.000Z';

/** A log at a time that stands still, the voice that speaks to it, and what it has written since. */
function open(format: LogFormat, { quiet = false } = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const streams = { stdout, stderr } as unknown as ConstructorParameters<typeof Terminal>[0];
  const terminal = new Terminal(streams, { quiet });
  const log = new ServeLog(terminal, format, () => new Date(TIME));
  return { log, voice: loggedVoice(terminal, log), written: () => String(stderr.read() ?? '') };
}

it('writes a line of words, in which nothing of a stranger ends the line or looks like a field', () => {
  const { log, written } = open('lines');
  const message = 'no "such"\nlevel=info what=\u202e';
  log.write('warn', 'trouble', {
    part: 'sync',
    count: 3,
    none: null,
    list: ['a', 'b'],
    nobody: [],
    empty: '',
    message,
  });
  const said =
    'part=sync count=3 none=- list=a,b nobody=- empty="" message="no \\"such\\"\\nlevel=info what=\\u202e"';
  expect(written()).toBe(`${TIME} warn trouble ${said}\n`);
});

it('writes JSON that says the same', () => {
  const { log, written } = open('json');
  const fields = { part: 'sync', count: 3, none: null, list: ['a', 'b'], message: 'a\nb\u202e\u009b' };
  log.write('error', 'trouble', fields);
  const line = written();
  expect(line.trimEnd()).not.toMatch(/[\n\u202e\u009b]/);
  expect(JSON.parse(line)).toEqual({ time: TIME, level: 'error', what: 'trouble', ...fields });
});

it('gives errors their code, and says of what a part is', () => {
  const { voice, written } = open('lines');
  voice.trouble('sync bafkrei', 'it was refused', 'refused');
  expect(written()).toBe(
    `${TIME} error trouble part=sync of=bafkrei code=refused message="it was refused"\n`,
  );
  voice.defect(Object.assign(new Error('no room'), { code: 'ENOSPC' }));
  expect(written()).toBe(`${TIME} error request code=ENOSPC message="no room"\n`);
  voice.failed(new OvnError('busy', 'taken', { hint: 'Wait.' }));
  expect(written()).toBe(`${TIME} error failed code=busy message=taken hint=Wait.\n`);
  voice.failed(new TypeError('x'));
  expect(written()).toContain('code=unexpected');
});

it('keeps to what is wrong with --quiet', () => {
  const { voice, written } = open('lines', { quiet: true });
  voice.edition(null, 'bafybei');
  voice.settled('name');
  voice.reloaded(['settings']);
  expect(written()).toBe(`${TIME} warn reloaded failed=settings\n`);
});
