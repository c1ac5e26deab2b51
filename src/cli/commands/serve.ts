import { type Command, InvalidArgumentError, Option } from 'commander';
import { exitCodeOf, OvnError } from '../../errors.ts';
import type { ListenAddress } from '../../node/gateway/server.ts';
import { acquirePublishLock } from '../../repo/publish-lock.ts';
import type { LookFor } from '../../workflows/mirroring/keep-synced.ts';
import { type ServeOptions, serve } from '../../workflows/serve.ts';
import { durationUpTo } from '../duration.ts';
import { maxGrowthOption, syncOne } from '../following.ts';
import {
  dnsMapOption,
  dnsOption,
  type NamingFlags,
  openConfiguredRouters,
  openTxt,
  routerOption,
} from '../naming.ts';
import { command, passphraseOption, type Start } from '../options.ts';
import { type RepositoryContext, withRepository } from '../repository-context.ts';
import type { CommandContext, CommonOptions } from '../run.ts';
import { type LogFormat, ServeLog } from '../serve-log.ts';
import { loggedVoice, type ServeVoice, spokenVoice } from '../serve-voice.ts';
import { Manager } from '../service-manager.ts';
import { openPassphrase } from '../signers.ts';
import { parseSize } from '../size.ts';
import { keepHeapSteady } from '../steady-heap.ts';
import { SUMMARIES } from '../summaries.ts';
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
  log?: LogFormat;
  /** Bytes a second. */
  maxRate?: number;
  /** Milliseconds. */
  syncEvery?: number;
  /** False with `--no-sync`. */
  sync: boolean;
  /** Bytes. */
  maxGrowth?: number;
}

/** A slower server would let go of readers that only wait for their turn. */
const LEAST_RATE = 64_000;
const LONGEST_PAUSE = 7 * 86_400_000;

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
    .addOption(
      new Option('--max-rate <bytes>', 'give out so much a second at most, such as 2MB').argParser(parseRate),
    )
    .addOption(
      new Option('--sync-every <time>', 'how often what is followed is looked for (default: 15m)').argParser(
        durationUpTo(LONGEST_PAUSE, '7d'),
      ),
    )
    .option('--no-sync', 'what is followed moves only by ovn sync')
    .addOption(maxGrowthOption())
    .addOption(list('--gateway-host <host>', 'a host with a subdomain for each publication; may be repeated'))
    .addOption(dnsOption())
    .addOption(dnsMapOption())
    .addOption(routerOption())
    .addOption(passphraseOption())
    .addOption(
      new Option('--metrics <address:port>', 'where /healthz and /metrics are').default('127.0.0.1:0'),
    )
    .addOption(
      new Option(
        '--log <format>',
        'write what happens to standard error, an event a line, in place of words for people',
      ).choices(['lines', 'json']),
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

async function serveAction(flags: ServeFlags, context: CommandContext): Promise<number | undefined> {
  const { terminal, signal } = context;
  if (flags.log === undefined) return await serveAs(spokenVoice(terminal), flags, context);
  const voice = loggedVoice(terminal, new ServeLog(terminal, flags.log));
  try {
    return await serveAs(voice, flags, context);
  } catch (error) {
    const cause = signal.aborted ? signal.reason : error;
    voice.failed(cause);
    return exitCodeOf(cause);
  }
}

async function serveAs(voice: ServeVoice, flags: ServeFlags, context: CommandContext): Promise<undefined> {
  keepHeapSteady();
  const options = readOptions(flags);
  const lookUpTxt = await openTxt(flags);
  const manager = new Manager(voice);
  await withRepository(flags, context, async (open) => {
    const { repository, node, terminal, signal } = open;
    const { passphraseFile } = flags;
    const { bootstrap = [] } = repository.settings.network ?? {};
    const reopenRouters = () => openConfiguredRouters(flags, repository);
    signal.addEventListener('abort', () => manager.stopping(), { once: true });
    await using _witnessing = keepInBackground(open, voice);
    await serve(
      { ...options, node: options.node && { ...options.node, bootstrap } },
      {
        repository,
        read: node.read,
        now: () => new Date(),
        signal,
        routers: await reopenRouters(),
        reopenRouters,
        lookUpTxt,
        lock: () => acquirePublishLock(repository.stateDir, { signal }),
        sync: flags.sync ? lookFor(flags, open) : undefined,
        // Nobody is asked in the background.
        passphrase:
          passphraseFile === undefined
            ? async () => undefined
            : openPassphrase(repository.keysDir, terminal, passphraseFile),
        onListen: (report, missing) => {
          voice.listening(report, missing);
          manager.ready();
        },
        onDefect: voice.defect,
        onTrouble: voice.trouble,
        onSettled: voice.settled,
        onEdition: voice.edition,
        onReloadable: (reload) => manager.reloadsOnHangup(reload, terminal),
      },
    );
  });
}

/** Syncs in the background: nobody watches how far it is. */
function lookFor(flags: ServeFlags, open: RepositoryContext): LookFor {
  const progress = { update() {}, async [Symbol.asyncDispose]() {} };
  return (publication, { names, signal }) => {
    const { bootstrap = [] } = open.repository.settings.network ?? {};
    const dht = flags.node && (flags.public === true || bootstrap.length > 0);
    // Whoever waits for the lock here ends with the look, and says nothing between the lines of a log.
    const lock = () => acquirePublishLock(open.repository.stateDir, { signal });
    const context = { ...open, lock, names, signal, now: new Date() };
    return syncOne(publication, { ...flags, dht }, context, progress);
  };
}

function parseRate(text: string): number {
  const rate = parseSize(text);
  if (rate >= LEAST_RATE) return rate;
  throw new InvalidArgumentError('It is 64kB a second or more.');
}

function readOptions({ http, metrics, listen = LOOPBACK, node, ...flags }: ServeFlags): ServeOptions {
  return {
    http: parseAddress(http, '--http'),
    metrics: parseAddress(metrics, '--metrics'),
    node: node ? { listen, bootstrap: [], public: flags.public ?? false } : undefined,
    any: flags.any ?? false,
    deny: flags.deny ?? [],
    gatewayHosts: flags.gatewayHost ?? [],
    maxRate: flags.maxRate,
    syncEvery: flags.syncEvery,
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
