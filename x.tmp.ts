import { multiaddr } from '@multiformats/multiaddr';
import { openNetworkNode } from './src/node/network/network-node.ts';
import { openRepository } from './src/repo/open-repository.ts';
const repository = openRepository('/dev/shm/net/paper');
const node = await openNetworkNode(repository, { listen: [multiaddr('/ip4/127.0.0.1/tcp/5300')], bootstrap: [], public: false, quic: false, dht: false });
console.log(node.multiaddrs().join());
let last = 0, n = 0;
setInterval(() => { const s = node.stats(); console.log(JSON.stringify(s), process.memoryUsage().rss >> 20);
 if (s.blocksSent === last && s.blocksSent > 0 && n++ < 2) { 
  const b = (node.helia as any).blockBrokers[0].bitswap;
  for (const l of b.peerWantLists.ledgerMap.values()) { const by: any = {}; for (const w of l.wants.values()) { const k = `${w.status} ${w.wantType} dh=${w.sendDontHave} have=${w.haveBlock} sentDH=${w.sentDoNotHave}`; by[k] = (by[k] ?? 0) + 1; if (w.status !== 'sent') console.log(w.cid.toString()); } console.log('ledger', by, 'queue', l.sendQueue.size, l.sendQueue.running, l.sendQueue.queued); }
  console.log('net', b.network.sendQueue.size, b.network.sendQueue.running);
  const c = (node.helia as any).libp2p.getConnections();
  for (const x of c) console.log('conn', x.status, x.streams.map((s: any) => [s.protocol, s.direction, s.status, s.readStatus, s.writeStatus, s.readBufferLength, s.writeBufferLength]));
 } last = s.blocksSent; }, 5000);
