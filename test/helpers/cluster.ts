import { peer } from '../peers/builds.ts';
import { noKubo } from './kubo.ts';
import { noNamespace } from './namespace.ts';

export { type Cluster, startCluster } from '../peers/cluster.ts';

const notBuilt =
  peer('ipfs-cluster-service') === undefined
    ? 'IPFS Cluster is not built (npm run peers builds it where Go is)'
    : undefined;

/** Why tests with IPFS Cluster cannot run here; `undefined` where they can. */
export const noCluster = notBuilt ?? noKubo ?? noNamespace;

if (notBuilt !== undefined) console.warn(`${notBuilt}: tests with it are skipped`);
