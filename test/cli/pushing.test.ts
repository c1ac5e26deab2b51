import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { pushPublished, tellOfPush } from '../../src/cli/pushing.ts';
import type { RepositoryContext } from '../../src/cli/repository-context.ts';
import { Terminal } from '../../src/cli/terminal.ts';
import { programName } from '../../src/cli/wording.ts';
import { OvnError } from '../../src/errors.ts';

function listened(): { terminal: Terminal; said(): string } {
  const out = Object.assign(new PassThrough(), { isTTY: false });
  const streams = { stdout: out, stderr: out } as unknown as ConstructorParameters<typeof Terminal>[0];
  return { terminal: new Terminal(streams, {}), said: () => String(out.read() ?? '') };
}

describe('what came of a push after publishing', () => {
  it('says what to do next where there was none', async () => {
    const { terminal, said } = listened();
    const problem = new OvnError('io', 'the disk is full', { hint: 'Free some room.' });
    expect(await tellOfPush(terminal, { report: undefined, problem }, 0)).toBe(3);
    expect(said()).toBe(
      `ovn: published, not pushed: the disk is full\nFree some room.\n${programName()} push gives it to the remotes.\n`,
    );
  });

  it('ends nothing before what was published has been told, also where it is a defect', async () => {
    const { terminal } = listened();
    const open = {
      terminal,
      get repository(): never {
        throw new TypeError('a defect');
      },
    };
    const outcome = await pushPublished({ push: true }, open as unknown as RepositoryContext);
    if (outcome === undefined) throw new Error('nothing was pushed');
    await expect(tellOfPush(terminal, outcome, 0)).rejects.toThrow('a defect');
  });

  it('ends the command where it was interrupted', async () => {
    const problem = new OvnError('interrupted', 'interrupted');
    const telling = tellOfPush(listened().terminal, { report: undefined, problem }, 0);
    await expect(telling).rejects.toBe(problem);
  });
});
