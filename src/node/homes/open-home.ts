import { discreet } from './discreet.ts';
import { HOME_LIMITS, type Home, type HomeConfig, type HomeLimits, type HomeSecrets } from './home.ts';

/**
 * The one place that makes a home of its configuration; nothing is asked of it yet. The kinds are loaded when one is opened.
 * What it says and throws holds no secret, and is short enough to be shown.
 *
 * @throws {OvnError} `usage` for an address or credentials that the kind cannot have
 */
export async function openHome(
  config: HomeConfig,
  secrets: HomeSecrets,
  limits: HomeLimits = HOME_LIMITS,
): Promise<Home> {
  return discreet(await openKind(config, secrets, limits), secrets);
}

async function openKind(config: HomeConfig, secrets: HomeSecrets, limits: HomeLimits): Promise<Home> {
  const kinds = await import('./kinds.ts');
  switch (config.kind) {
    case 'pinning-service':
      return kinds.openPinningService(config, secrets, limits);
    case 'kubo':
      return kinds.openKubo(config, secrets, limits);
    case 'cluster':
      return kinds.openCluster(config, secrets, limits);
    case 'gateway':
      return kinds.openGatewayHome(config, secrets, limits);
  }
}
