import type { BoundedReader } from './bounded-reader.ts';
import type { Format } from './format.ts';
import type { RequestLimits } from './limits.ts';
import type { Located } from './locate.ts';
import type { GatewayEffects, GatewayRequest } from './messages.ts';
import type { Place } from './place.ts';
import type { Target } from './target.ts';

/** All that an answer is made from, once it is known what the request leads to. */
export interface Answering extends BoundedReader {
  request: GatewayRequest;
  target: Target;
  format: Format;
  place: Place;
  located: Located;
  /** Seconds for which the address leads there; `undefined` for ever. */
  ttl: number | undefined;
  effects: GatewayEffects;
  limits: RequestLimits;
}
