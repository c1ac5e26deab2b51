import * as v from 'valibot';
import { TRUST_RELATIONS, type TrustStatement } from '../edition/metadata/trust-txt.ts';

const MOST = 1000;

const address = v.pipe(
  v.string('is not a text'),
  v.regex(/^(?:https?:\/\/|mailto:)[\x21-\x7e]+$/, 'is not an http, https or mailto address'),
  v.check((text) => URL.canParse(text), 'is not an http, https or mailto address'),
);
const addresses = v.pipe(
  v.array(address, 'is not a list of addresses'),
  v.maxLength(MOST, `holds more than ${MOST}`),
);

/** The member `trust` of ovn.json: the names are those of trust.txt. */
export const TRUST_SETTINGS: v.GenericSchema<unknown, TrustStatement> = v.strictObject(
  {
    ...(Object.fromEntries(TRUST_RELATIONS.map((name) => [name, v.exactOptional(addresses)])) as Record<
      (typeof TRUST_RELATIONS)[number],
      v.ExactOptionalSchema<typeof addresses, undefined>
    >),
    datatrainingallowed: v.exactOptional(v.picklist(['yes', 'no'], 'is neither "yes" nor "no"')),
  },
  `is not an object of ${TRUST_RELATIONS.join(', ')} and datatrainingallowed`,
);
