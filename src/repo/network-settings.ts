import * as v from 'valibot';

/** `network` of ovn.json: who may be asked for what is not here. Nobody else ever is. */
export interface NetworkSettings {
  /** Multiaddrs of peers, with `/p2p/<peer id>`. */
  peers?: string[];
  /** Addresses of trustless gateways. */
  gateways?: string[];
  /** Addresses of delegated routers (Delegated Routing V1). */
  routers?: string[];
  /** Multiaddrs that `ovn serve` meets others by, and that lead into the DHT. */
  bootstrap?: string[];
}

const NOT_AN_OBJECT = 'is not an object of peers, gateways, routers and bootstrap, each a list';

/** Of each, at most. */
const MOST = 64;

const multiaddr = v.pipe(
  v.string('is not a text'),
  v.regex(
    /^\/[\x21-\x7e]{1,1000}\/p2p\/[1-9A-HJ-NP-Za-km-z]{40,100}$/,
    'is not a multiaddr that ends with /p2p/ and a peer id',
  ),
);
const address = v.pipe(
  v.string('is not a text'),
  v.regex(/^https?:\/\/[\x21-\x7e]{1,1000}$/, 'is not an http or https address'),
  v.check((text) => URL.canParse(text), 'is not an http or https address'),
);

/** How it is validated as a member of ovn.json. */
export const NETWORK_SETTINGS: v.GenericSchema<unknown, NetworkSettings> = v.pipe(
  v.custom<object>((value) => !Array.isArray(value), NOT_AN_OBJECT),
  v.strictObject(
    {
      peers: v.exactOptional(listOf(multiaddr)),
      gateways: v.exactOptional(listOf(address)),
      routers: v.exactOptional(listOf(address)),
      bootstrap: v.exactOptional(listOf(multiaddr)),
    },
    NOT_AN_OBJECT,
  ),
);

function listOf(item: v.GenericSchema<unknown, string>) {
  return v.pipe(v.array(item, 'is not a list'), v.maxLength(MOST, `holds more than ${MOST}`));
}
