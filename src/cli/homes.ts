import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { HOME_LIMITS } from '../node/homes/home.ts';
import { openHome } from '../node/homes/open-home.ts';
import { gatewaySource } from '../node/retrieve/gateway-source.ts';
import type { BlockSource } from '../node/retrieve/source.ts';
import { readerStateDir } from '../repo/reader-state.ts';
import type { EvacuateEffects } from '../workflows/homes/evacuate.ts';
import { openGivingNode } from '../workflows/homes/giving-node.ts';
import { durationUpTo } from './duration.ts';
import { secretsOf } from './home-secrets.ts';
import { collect } from './options.ts';
import type { Progress } from './progress.ts';
import type { RepositoryContext } from './repository-context.ts';
import { openPassphrase } from './signers.ts';

/** How homes are reached, as the command line says. */
export interface HomeFlags {
  gateway?: string[];
  origin?: string[];
  node?: boolean;
  listen?: string[];
  /** In ms. */
  wait?: number;
  passphraseFile?: string | undefined;
}

/** A multiaddr that says whose it is. */
const PEER = /^\/[\x21-\x7e]{1,1000}\/p2p\/[1-9A-HJ-NP-Za-km-z]{40,100}$/;

/** The options of every command that gives something to homes: {@link HomeFlags}. */
export function homeOptions(): Option[] {
  return [gatewayOption(), originOption(), ...nodeOptions(), waitOption()];
}

export function categoryOption(description: string): Option {
  return new Option('--category <slug>', `${description}; also several times`).argParser(collect);
}

export function gatewayOption(): Option {
  return new Option('--gateway <url>', 'read back through this gateway too, also several times').argParser(
    collect,
  );
}

function originOption(): Option {
  return new Option(
    '--origin <multiaddr>',
    'where remotes can fetch from, beside the multiaddrs among "mirrors" in ovn.json; also several times',
  ).argParser((text: string, before: string[] | undefined) => {
    if (PEER.test(text)) return collect(text, before);
    throw new InvalidArgumentError('It is a multiaddr that ends with /p2p/ and a peer id.');
  });
}

function nodeOptions(): Option[] {
  return [
    new Option('--node', 'let remotes fetch from here meanwhile: a node connects to where they ask it to'),
    new Option('--listen <multiaddr>', 'the same, and it listens there; also several times').argParser(
      collect,
    ),
  ];
}

function waitOption(): Option {
  return new Option('--wait <time>', 'how long a remote may take to fetch and pin')
    .default(HOME_LIMITS.pin, '10m')
    .argParser(durationUpTo(24 * 3_600_000, '24h'));
}

/**
 * What the stories of homes need, for one command; connections go with it.
 *
 * @param any homes may fetch all that is held here, not only what is current or pinned.
 * @throws {OvnError} as `openGivingNode`.
 */
export async function openHomes(
  flags: HomeFlags,
  { repository, node, terminal, signal }: RepositoryContext,
  { progress, any = false }: { progress?: Progress; any?: boolean } = {},
): Promise<EvacuateEffects & AsyncDisposable> {
  const { settings } = repository;
  const opened = new Map<string, BlockSource>();
  const reader = (url: string): BlockSource => {
    const source = opened.get(url) ?? gatewaySource(url);
    opened.set(url, source);
    return source;
  };
  const everybody = [...(flags.gateway ?? []), ...(settings.network?.gateways ?? [])];
  const passphrase = openPassphrase(repository.keysDir, terminal, flags.passphraseFile);
  const { listen = [] } = flags;
  const isGiving = flags.node === true || listen.length > 0;
  const giving = isGiving ? await openGivingNode(listen, repository, { any, signal }) : undefined;
  const mirrors = (settings.mirrors ?? []).filter((mirror) => PEER.test(mirror));
  const limits = { ...HOME_LIMITS, pin: flags.wait ?? HOME_LIMITS.pin };
  return {
    repository,
    read: node.read,
    open: async (home) => {
      const { name, kind, url, readAt, copies } = home;
      const config = { name, kind, url, readAt, ...(copies === null ? {} : { copies }) };
      return openHome(config, await secretsOf(home, repository, passphrase), limits);
    },
    readers: ({ readAt }) => [...new Set([...readAt, ...everybody])].map(reader),
    origins: [...(giving?.origins ?? []), ...(flags.origin ?? []), ...mirrors],
    connect: giving?.connect,
    // The clock itself: what others confirmed is no part of an edition.
    now: () => new Date(),
    signal,
    random: (below) => (below < 1 ? 0 : randomInt(below)),
    dir: join(readerStateDir(repository.stateDir, process.env), 'fetched'),
    onProgress: (home, what) => progress?.update(`${home}: ${what}`, 0, 1),
    [Symbol.asyncDispose]: async () => {
      for (const source of opened.values()) await source.close?.();
      await giving?.[Symbol.asyncDispose]();
    },
  };
}
