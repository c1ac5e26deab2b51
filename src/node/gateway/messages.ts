import type { BlockReader } from '../../unixfs/block.ts';

/** The header fields that the gateway looks at, by their lower-case names. */
export interface RequestHeaders {
  accept?: string | undefined;
  host?: string | undefined;
  'if-none-match'?: string | undefined;
  'if-range'?: string | undefined;
  range?: string | undefined;
}

/** One HTTP request, apart from how it came. */
export interface GatewayRequest {
  method: string;
  /** Path and query as they were sent. */
  target: string;
  headers: RequestHeaders;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
}

/** What to send. A body that throws while it is read must reach the client as a broken connection, never as an end. */
export interface GatewayResponse {
  status: number;
  headers: Record<string, string>;
  body?: Uint8Array | AsyncIterable<Uint8Array>;
}

export interface GatewayEffects {
  read: BlockReader;
  /** Root CID of the edition to show at `/`, asked for each request anew; `undefined` when nothing is published. */
  head(): string | undefined;
  /** The page that may run a script, and its script in the same folder: CIDs and name. */
  checksPage?: { page: string; script: string; scriptName: string } | undefined;
  /** Told of errors that are defects of the program; the client learns nothing of them. */
  onDefect?(error: unknown): void;
}

/** A request that is answered with a status and one sentence for people. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.headers = headers;
  }
}
