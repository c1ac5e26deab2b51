import { type Command, Option } from 'commander';
import { OvnError } from '../../errors.ts';
import type { ListenAddress } from '../../node/gateway/server.ts';
import { acquirePublishLock } from '../../repo/publish-lock.ts';
import { type ServeOptions, type ServeReport, serve } from '../../workflows/serve.ts';
import { dnsMapOption, dnsOption, type NamingFlags, openRouters, openTxt, routerOption } from '../naming.ts';
import { command, passphraseOption, type Start } from '../options.ts';
import { withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { openPassphrase } from '../signers.ts';
import { keepHeapSteady } from '../steady-heap.ts';
import { SUMMARIES } from '../summaries.ts';
import type { Terminal } from '../terminal.ts';
import { keepInBackground } from '../witnessing.ts';

interface ServeFlags extends CommonOptions, NamingFlags {
  http: string;
  metrics: string;
  listen?: string[];
  /** False with `--no-node`. */
  node: boolean;
  public?: boolean;
  any?: boolean;
  deny?: string[];
  gatewayHost?: string[];
  passphraseFile?: string;
}

/** A name or an address, IPv6 in brackets, and a port. */
const ADDRESS = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9.-]+)):(\d{1,5})$/i;
/** Where the node listens unless told otherwise: nobody else reaches it. */
const LOOPBACK = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'];

export function serveCommand(start: Start): Command {
  return command('serve', SUMMARIES.serve, 'ovn serve --http 127.0.0.1:8080')
    .addOption(
      new Option('--http <address:port>', 'where the web site is; port 0 takes a free one').default(
        '127.0.0.1:8080',
      ),
    )
    .addOption(
      list('--listen <multiaddr>', 'where the IPFS node listens; may be repeated (default: loopback)'),
    )
    .option('--no-node', 'no IPFS node: the web site and the gateway only')
    .option('--public', 'speak to the public network')
    .option('--any', 'give whatever is held, not only what is current or pinned')
    .addOption(list('--deny <file>', 'never give what this denylist names (IPIP-383); may be repeated'))
    .addOption(list('--gateway-host <host>', 'a host with a subdomain for each publication; may be repeated'))
    .addOption(dnsOption())
    .addOption(dnsMapOption())
    .addOption(routerOption())
    .addOption(passphraseOption())
    .addOption(
      new Option('--metrics <address:port>', 'where /healthz and /metrics are').default('127.0.0.1:0'),
    )
    .action((flags: ServeFlags) => start(flags, (context) => serveAction(flags, context)));
}

/** An option that may be given several times. */
function list(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, before: string[] = []) => [
    ...before,
    value,
  ]);
}

async function serveAction(flags: ServeFlags, context: CommandContext): Promise<undefined> {
  keepHeapSteady();
  const options = readOptions(flags);
  const lookUpTxt = await openTxt(flags);
  await withRepository(flags, context, async (open) => {
    const { repository, node, terminal, signal } = open;
    const { passphraseFile } = flags;
    const { routers = [], bootstrap = [] } = repository.settings.network ?? {};
    await using _witnessing = keepInBackground(open);
    await serve(
      { ...options, node: options.node && { ...options.node, bootstrap } },
      {
        repository,
        read: node.read,
        now: () => new Date(),
        signal,
        routers: await openRouters({ router: [...(flags.router ?? []), ...routers] }),
        lookUpTxt,
        lock: () => acquirePublishLock(repository.stateDir, { signal }),
        // Nobody is asked in the background.
        passphrase:
          passphraseFile === undefined
            ? async () => undefined
            : openPassphrase(repository.keysDir, terminal, passphraseFile),
        onListen: (report, missing) => announce(terminal, report, missing),
        onDefect: (error) => complain(terminal, error),
        onTrouble: (part, message) => terminal.error(`ovn: ${part}: ${message}`),
      },
    );
  });
}

function readOptions({ http, metrics, listen = LOOPBACK, node, ...flags }: ServeFlags): ServeOptions {
  return {
    http: parseAddress(http, '--http'),
    metrics: parseAddress(metrics, '--metrics'),
    node: node ? { listen, bootstrap: [], public: flags.public ?? false } : undefined,
    any: flags.any ?? false,
    deny: flags.deny ?? [],
    gatewayHosts: flags.gatewayHost ?? [],
  };
}

function parseAddress(text: string, option: string): ListenAddress {
  const [, bracketed, plain, port] = ADDRESS.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  throw new OvnError(
    'usage',
    `${option} ${text}: not an address and a port, such as 127.0.0.1:8080 or [::1]:0`,
  );
}

function announce(terminal: Terminal, report: ServeReport, missing: readonly string[]): void {
  terminal.printJsonLine(report);
  terminal.print(`The paper is at ${terminal.style('bold', `${report.http}/`)}`);
  for (const address of report.multiaddrs) terminal.print(`The node is at  ${address}`);
  if (report.ipns !== null) terminal.print(`Its name is     ${report.ipns}`);
  terminal.print(`Its health is at ${report.metrics}/healthz, its numbers at ${report.metrics}/metrics`);
  for (const sentence of missing) terminal.note(sentence);
  terminal.note('Ctrl-C ends it.');
}

/** It goes on: with `--json`, standard output holds the addresses and nothing else. */
function complain(terminal: Terminal, error: unknown): void {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  terminal.error(`${terminal.style('red', 'ovn:')} a request could not be answered: ${message}`);
  if (terminal.verbose) terminal.error(stack ?? '');
}
