import type { HttpClient } from './http-client.ts';

/** The same address without a user and a password that it may have, as it may be shown. */
export function withoutPassword(text: string): string {
  return text.replace(/^(https?:\/\/)[^/?#]*@/i, '$1');
}

/**
 * The same client, which gives each place the user and password that its address came with: what is shown and kept are addresses without
 * them.
 *
 * @param addresses http or https; others, and those without, are passed over.
 */
export function withPasswords(client: HttpClient, addresses: readonly string[]): HttpClient {
  const known = addresses.flatMap((text) => {
    const url = URL.parse(text);
    return url === null || `${url.username}${url.password}` === '' ? [] : [url];
  });
  if (known.length === 0) return client;
  return {
    get: (url, request) => {
      const place = known.find(({ origin }) => origin === url.origin);
      return client.get(place === undefined ? url : signed(url, place), request);
    },
    close: () => client.close(),
  };
}

function signed(url: URL, { username, password }: URL): URL {
  return Object.assign(new URL(url), { username, password });
}
