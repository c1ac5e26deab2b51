import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runOvn } from '../helpers/program.ts';

const SOAK = fileURLToPath(new URL('../../bench/soak.ts', import.meta.url));

function soak(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SOAK, ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

describe('bench/soak.ts', () => {
  it('asks in every way while a newsroom publishes, and finds nothing wrong and nothing lost', async () => {
    await runOvn(['--version']);
    const brief = ['--seconds', '15', '--warm-up', '5', '--articles', '20', '--publish-every', '5'];
    const { code, stdout, stderr } = await soak(...brief, '--most', '100000', '--json');
    expect(stderr).toBe('');
    const { requests, publishes, problems } = JSON.parse(stdout);
    expect({ code, problems }).toEqual({ code: 0, problems: [] });
    expect(publishes).toBeGreaterThan(0);
    const kinds = ['blocks', 'cars', 'fronts', 'pages', 'peers', 'unknown', 'vanishing'];
    expect(Object.keys(requests).sort()).toEqual(kinds);
  }, 180_000);

  it('fails when memory grows by more than it may', async () => {
    const brief = ['--seconds', '4', '--warm-up', '0', '--articles', '3', '--publish-every', '2'];
    const { code, stdout } = await soak(...brief, '--most=-100000', '--only', 'fronts');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^problem: memory grew by -?[\d.]+ MB a minute$/m);
  }, 120_000);
});
