import { OvnError } from '../../errors.ts';
import { authorizationOf } from '../../node/homes/authorization.ts';
import { HOME_KINDS, type HomeKind } from '../../node/homes/home.ts';
import { HOME_NAME, removeToken, storeToken } from '../../repo/home-tokens.ts';
import type { CredentialsPlace, StoredHome } from '../../repo/homes.ts';
import type { Repository } from '../../repo/repository.ts';
import { formatInstant } from '../../trust/instant.ts';

/** What `ovn remote add` was given. */
export interface HomeChoice {
  name: string;
  kind: string;
  url: string;
  readAt: readonly string[];
  copies: number | undefined;
  categories: readonly string[] | undefined;
  /** Where its credentials are. */
  credentials: CredentialsPlace | undefined;
  /** The credentials themselves, where they are to go into the keyring. */
  token: string | undefined;
  plainHttp: boolean;
  dryRun: boolean;
}

export interface AddHomeEffects {
  repository: Repository;
  passphrase(): Promise<string | undefined>;
  now: Date;
}

/**
 * Adds a home; nobody is asked for anything yet. Its token goes into the keyring before the home is there.
 *
 * @throws {OvnError} `usage` for what cannot be one, `exists` for a name that is taken, `key` as the keyring does.
 */
export async function addHome(choice: HomeChoice, effects: AddHomeEffects): Promise<StoredHome> {
  const { repository, now } = effects;
  const home = checkedHome(choice, formatInstant(now));
  if (repository.homes.get(home.name) !== undefined) throw taken(home.name);
  if (choice.token !== undefined) authorizationOf(choice.token);
  if (choice.dryRun) return home;
  if (choice.token !== undefined)
    await storeToken(repository.keysDir, home.name, choice.token, await effects.passphrase());
  if (!repository.homes.add(home)) throw taken(home.name);
  return home;
}

/** Forgets a home and its token. What it holds stays there. @throws {OvnError} `not-found` */
export function forgetHome(repository: Repository, name: string): StoredHome {
  const home = repository.homes.get(name);
  if (home === undefined) {
    throw new OvnError('not-found', `there is no remote ${name}`, {
      hint: 'ovn remote ls shows those that were added.',
    });
  }
  repository.homes.remove(name);
  removeToken(repository.keysDir, name);
  return home;
}

function checkedHome(choice: HomeChoice, added: string): StoredHome {
  const { name, kind, copies, categories, credentials, plainHttp } = choice;
  if (!HOME_NAME.test(name))
    throw new OvnError(
      'usage',
      `${name} is no name of a remote: it is of a-z, 0-9 and -, at most 40 characters`,
    );
  if (!isKind(kind))
    throw new OvnError('usage', `${kind} is no kind of remote: it is one of ${HOME_KINDS.join(', ')}`);
  if (kind === 'gateway' && credentials !== undefined)
    throw new OvnError('usage', 'a gateway takes no credentials');
  if (kind === 'gateway' && categories !== undefined)
    throw new OvnError('usage', 'a gateway says what it holds of whole editions alone');
  if (copies !== undefined && kind !== 'cluster')
    throw new OvnError('usage', '--copies is for IPFS Cluster: the others decide that themselves');
  const wrong = categories?.find((slug) => !/^[a-z0-9-]{1,80}$/.test(slug));
  if (wrong !== undefined) throw new OvnError('usage', `${wrong} is no slug of a category`);
  const url = checkedUrl(choice.url);
  if (credentials !== undefined && !plainHttp) requireSafe(url);
  const readAt = choice.readAt.map((address) => checkedUrl(address).href);
  const kept = { copies: copies ?? null, categories: categories === undefined ? null : [...categories] };
  return { name, kind, url: url.href, readAt, ...kept, credentials: credentials ?? null, plainHttp, added };
}

function isKind(text: string): text is HomeKind {
  return HOME_KINDS.some((kind) => kind === text);
}

/** Without anything that may be a secret: it is shown. So is none of what is refused. */
function checkedUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    throw new OvnError('usage', 'the address is not http or https, such as https://api.example/psa');
  if (url.username === '' && url.password === '' && url.search === '' && url.hash === '') return url;
  throw new OvnError(
    'usage',
    'the address holds a user, a password or what follows ? or #: all would be shown',
    {
      hint: 'Give credentials with --token-env, --token-file or --token-stdin, also as basic:<user>:<password>.',
    },
  );
}

/** Whoever is on the way would read the token. */
function requireSafe({ protocol, hostname }: URL): void {
  const isLoopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || isLoopback) return;
  throw new OvnError('usage', `credentials would go to ${hostname} in the clear`, {
    hint: 'Use https, or say --plain-http where nobody else is on the way.',
  });
}

function taken(name: string): OvnError {
  return new OvnError('exists', `there is a remote ${name} already`, {
    hint: `ovn remote rm ${name} forgets it.`,
  });
}
