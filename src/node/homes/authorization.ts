import { OvnError } from '../../errors.ts';

const BASIC = 'basic:';

/** What to do where they are refused. */
export const CREDENTIALS_HINT =
  'Is its token right, and still valid? ovn remote ls shows where it is read from; one in the keyring is replaced by ovn remote rm and add.';

/** Visible ASCII: anything else would end the header or begin another one. */
const TOKEN = /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/;

/**
 * The `Authorization` of a token: `Bearer`, or for `basic:<user>:<password>` that of RFC 7617.
 *
 * @throws {OvnError} `key` for what no header can hold; the token is not repeated.
 */
export function authorizationOf(token: string): string {
  if (!TOKEN.test(token)) throw new OvnError('key', 'the token holds what no token has, or is too long');
  if (!token.startsWith(BASIC)) return `Bearer ${token}`;
  return `Basic ${Buffer.from(token.slice(BASIC.length), 'latin1').toString('base64')}`;
}

/** Every form in which a token may come back from whoever was told it, longest first. */
export function secretForms(token: string): string[] {
  const [, credentials] = authorizationOf(token).split(' ', 2);
  const plain = token.startsWith(BASIC) ? token.slice(BASIC.length) : token;
  const password = token.startsWith(BASIC) ? plain.slice(plain.indexOf(':') + 1) : plain;
  const forms = [token, plain, password, credentials ?? token].flatMap((form) => [
    form,
    encodeURIComponent(form),
  ]);
  return [...new Set(forms)].filter((form) => form.length > 3).sort((a, b) => b.length - a.length);
}
