import type {
  Confirmation,
  Copies,
  CredentialsPlace,
  SaidState,
  StoredHome,
  StoredHomeKind,
} from './homes.ts';

/** A row of `homes`. */
export interface HomeRow {
  name: string;
  kind: StoredHomeKind;
  url: string;
  read_at: string;
  copies: number | null;
  categories: string | null;
  credentials: string | null;
  plain_http: number;
  added: string;
}

/** A row of `home_pins`. */
export interface PinRow {
  home: string;
  cid: string;
  subject: string;
  sequence: number | null;
  pin: string;
  state: SaidState;
  detail: string | null;
  copies: string | null;
  asked: string;
  looked: string | null;
  confirmed: string | null;
  read_back: string | null;
  problem: string | null;
  own: number;
  releasing: number;
}

/** What a row says. */
export function homeOf(row: HomeRow): StoredHome {
  const { read_at: readAt, categories, credentials, plain_http: plainHttp, ...rest } = row;
  return {
    ...rest,
    readAt: JSON.parse(readAt) as string[],
    categories: categories === null ? null : (JSON.parse(categories) as string[]),
    credentials: credentials === null ? null : (JSON.parse(credentials) as CredentialsPlace),
    plainHttp: plainHttp === 1,
  };
}

/** What a row says. */
export function confirmationOf(row: PinRow): Confirmation {
  const { read_back: readBack, copies, own, releasing, ...rest } = row;
  return {
    ...rest,
    copies: copies === null ? null : (JSON.parse(copies) as Copies),
    readBack: readBack === null ? null : (JSON.parse(readBack) as Confirmation['readBack']),
    own: own === 1,
    releasing: releasing === 1,
  };
}
