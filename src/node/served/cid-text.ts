import { base16 } from 'multiformats/bases/base16';
import { base32 } from 'multiformats/bases/base32';
import { base36 } from 'multiformats/bases/base36';
import { base58btc } from 'multiformats/bases/base58';
import { CID } from 'multiformats/cid';
import * as Digest from 'multiformats/hashes/digest';
import { DAG_PB } from '../../unixfs/codecs.ts';

const BASES = base32.decoder.or(base36.decoder).or(base58btc.decoder).or(base16.decoder);

/** A CID of any version in any usual base, or a bare multihash in base58btc; nothing for any other text. */
export function parseAnyCid(text: string): CID | undefined {
  try {
    if (/^(?:Qm|1)/.test(text)) return CID.createV1(DAG_PB, Digest.decode(base58btc.baseDecode(text)));
    return CID.parse(text, BASES);
  } catch {
    return undefined;
  }
}

/** The multihash of a CID in base58btc, which is the same for every version and codec. */
export function multihashText({ multihash }: CID): string {
  return base58btc.baseEncode(multihash.bytes);
}
