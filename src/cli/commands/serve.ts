import { type Command, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import type { ListenAddress } from '../../node/gateway/server.ts';
import { command, type Start } from '../options.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';

interface ServeFlags extends CommonOptions {
  http: string;
}

/** A name or an address, IPv6 in brackets, and a port. */
const ADDRESS = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i;

export function serveCommand(start: Start): Command {
  return command('serve', SUMMARIES.serve, 'ovn serve --http 127.0.0.1:8080')
    .addOption(
      new Option('--http <address:port>', 'where to listen; port 0 takes a free one').default(
        '127.0.0.1:8080',
      ),
    )
    .action((flags: ServeFlags) => start(flags, (context) => serveAction(flags, context)));
}

async function serveAction(flags: ServeFlags, context: CommandContext): Promise<undefined> {
  const address = parseAddress(flags.http);
  const [{ serve }, { withRepository }, { keepInBackground }] = await Promise.all([
    import('../../workflows/serve.ts'),
    import('../repository-context.ts'),
    import('../witnessing.ts'),
  ]);
  await withRepository(flags, context, async (open) => {
    const { repository, node, terminal, signal } = open;
    await using _witnessing = keepInBackground(open);
    await serve(address, {
      repository,
      read: node.read,
      signal,
      onListen: (url) => announce(terminal, url),
      onDefect: (error) => complain(terminal, error),
    });
  });
}

function parseAddress(text: string): ListenAddress {
  const [, bracketed, plain, port] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new OvnError('usage', `--http ${text}: not an address and a port, such as 127.0.0.1:8080 or [::1]:0`);
}

function announce(terminal: Terminal, url: string): void {
  terminal.printJsonLine({ http: url });
  terminal.print(`The paper is at ${terminal.style('bold', `${url}/`)}`);
  terminal.note('Ctrl-C ends it.');
}

/** It goes on: with `--json`, standard output holds the address and nothing else. */
function complain(terminal: Terminal, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  terminal.error(`${terminal.style('red', 'ovn:')} a request could not be answered: ${message}`);
  if (terminal.verbose) terminal.error(...(stack ?? '').split('\n'));
}
