/** What one other peer, or all of them together, may cost. Sizes in bytes, times in milliseconds. */
export const NETWORK_LIMITS = {
  /** Of all connections that are open; those that come in beyond it are closed at once. */
  connections: 256,
  /** Beyond it, connections on which nothing goes on are closed, the oldest first. */
  idleConnections: 192,
  /** Of connections whose handshake is under way; one address alone cannot have so many. */
  pendingConnections: 128,
  /** Of connections that one address may open in a second. */
  connectionsASecond: 10,
  /** Of dials at once, and of those that wait for their turn. */
  dials: 32,
  dialQueue: 256,
  dialTimeout: 10_000,
  handshakeTimeout: 5_000,
  /** Of a connection, and of a stream, on which nothing moves. */
  idleConnection: 300_000,
  idleStream: 60_000,
  /** Of streams that one connection may have open, over all protocols. */
  streams: 256,
  /** Of bytes that wait in one stream until they are read. */
  streamBuffer: 1 << 22,
  /** Of blocks that one peer may want at once; it is Kubo's limit too. */
  wants: 1024,
  /** Of bitswap streams that one connection may have open in either direction. */
  bitswapStreams: 128,
  /** Of one bitswap message; the largest block of 2 MiB has to fit. */
  bitswapMessage: 1 << 22,
  /** Of messages that are not whole yet, from all peers. */
  bitswapHeld: 1 << 27,
  /** Of wants, blocks and answers in one message, each; beyond it they are not heard. */
  bitswapThings: 4096,
  /** Of a CID that is asked for; it is Kubo's limit too. */
  cid: 168,
  /** For a peer to take what it asked for, before it is given up. */
  bitswapTimeout: 30_000,
  /** Of DHT streams that one connection may have open in either direction. */
  dhtStreams: 32,
  dhtTimeout: 10_000,
  /** Of the key and the value of one thing that others make a node remember: an address book's entry, a DHT record. */
  recordKey: 512,
  record: 1 << 15,
  /** Of records that others may leave in the DHT's store. */
  dhtRecords: 4096,
  dhtProviders: 65_536,
  /** Of peers whose addresses are remembered. */
  peers: 4096,
} as const;
