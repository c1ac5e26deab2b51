import { OvnError } from '../../errors.ts';
import type { Home, HomeConfig, HomeLimits, HomeSecrets } from './home.ts';

/** Not built yet. */
export function openCluster(config: HomeConfig, _secrets: HomeSecrets, _limits: HomeLimits): Home {
  throw new OvnError('usage', `${config.kind} is not built yet`);
}
