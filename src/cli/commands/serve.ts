import type { Command } from 'commander';
import { OvnError } from '../../errors.ts';
import { command, type Start } from '../options.ts';
import type { CommonOptions } from '../run.ts';

export function serveCommand(start: Start): Command {
  return command(
    'serve',
    'Serve the paper to a browser until stopped',
    'ovn serve --http 127.0.0.1:8080',
  ).action((flags: CommonOptions) =>
    start(flags, async () => {
      throw new OvnError('usage', 'soon');
    }),
  );
}
