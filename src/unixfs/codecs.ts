/** Codecs of blocks, by their codes in the multicodec table. */
export const RAW = 0x55;
export const DAG_PB = 0x70;
export const DAG_CBOR = 0x71;
export const DAG_JSON = 0x0129;
export const CBOR = 0x51;
export const JSON_PLAIN = 0x0200;
