import type { GatewayServer } from '../../node/gateway/server.ts';
import type { Readings } from '../../node/monitoring/metrics.ts';
import type { NetworkNode } from '../../node/network/network-options.ts';
import type { Providing } from '../../node/network/providing.ts';
import type { Repository } from '../../repo/repository.ts';
import type { Syncing } from '../mirroring/keep-synced.ts';
import { mirrorReadings } from '../mirroring/mirror-readings.ts';
import { keepingReadings, type MeasuredKeeping } from '../status/readings.ts';
import type { Naming } from './keep-named.ts';
import type { ServedView } from './served-view.ts';

/** What is measured; parts come as they start. */
export interface Measured {
  repository: Pick<Repository, 'head' | 'followed' | 'names'> & MeasuredKeeping['repository'];
  now(): Date;
  view?: ServedView;
  gateway?: GatewayServer;
  network?: NetworkNode | undefined;
  providing?: Providing | undefined;
  naming?: Naming | undefined;
  syncing?: Syncing | undefined;
}

/** The numbers that are looked up when somebody asks for them. */
export function readingsOf(measured: Measured): Readings {
  const stats = () => measured.network?.stats();
  const secondsSince = (time: string) => (measured.now().getTime() - Date.parse(time)) / 1000;
  const keeping = keepingReadings(measured);
  return {
    gauges: {
      ...keeping.gauges,
      ovn_http_connections: {
        help: 'Open connections of the gateway.',
        read: () => measured.gateway?.connections(),
      },
      ovn_served_blocks: { help: 'Blocks that are known to be served.', read: () => measured.view?.size },
      ovn_peers: { help: 'Peers that are connected.', read: () => stats()?.peers },
      ovn_dht_peers: { help: 'Peers in the routing table of the DHT.', read: () => stats()?.dhtPeers },
      ovn_edition_sequence: {
        help: 'Sequence of the head edition.',
        read: () => measured.repository.head()?.sequence,
      },
      ovn_edition_age_seconds: {
        help: 'Time since the head edition was published.',
        read: () => defined(measured.repository.head()?.issued, secondsSince),
      },
      ovn_name_left_seconds: {
        help: 'Time until the first of our name records ends.',
        read: () => defined(measured.naming?.ends(), (end) => -secondsSince(end.toISOString())),
      },
      ovn_provided_age_seconds: {
        help: 'Time since the root was provided that was longest ago.',
        read: () => defined(measured.providing?.age(), (age) => age / 1000),
      },
      ovn_provided_roots: {
        help: 'Roots that the DHT was told of.',
        read: () => measured.providing?.stats().provided,
      },
    },
    series: { ...mirrorReadings(measured), ...keeping.series },
    counters: {
      ovn_bitswap_sent_blocks_total: { help: 'Blocks sent over bitswap.', read: () => stats()?.blocksSent },
      ovn_bitswap_sent_bytes_total: { help: 'Bytes sent over bitswap.', read: () => stats()?.bytesSent },
    },
  };
}

function defined<T, R>(value: T | undefined, use: (value: T) => R): R | undefined {
  return value === undefined ? undefined : use(value);
}
