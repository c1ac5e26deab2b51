import { discreet } from './discreet.ts';
import { HOME_LIMITS, type Home, type HomeConfig, type HomeLimits, type HomeSecrets } from './home.ts';

/**
 * The one place that makes a home of its configuration; nothing is asked of it yet. Each kind is loaded when it is needed.
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
  switch (config.kind) {
    case 'pinning-service':
      return (await import('./pinning-service.ts')).openPinningService(config, secrets, limits);
    case 'kubo':
      return (await import('./kubo.ts')).openKubo(config, secrets, limits);
    case 'cluster':
      return (await import('./cluster.ts')).openCluster(config, secrets, limits);
    case 'gateway':
      return (await import('./gateway-home.ts')).openGatewayHome(config, secrets, limits);
  }
}
