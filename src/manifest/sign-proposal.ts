import { OvnError } from '../errors.ts';
import { covers } from '../trust/authorised-keys.ts';
import { countersign, type PartlySigned } from '../trust/countersign.ts';
import type { Role } from '../trust/masthead.ts';
import type { Signer } from '../trust/proof.ts';
import { mastheadSigners, type RequiredRole, type Shortfall, shortfallsOf } from '../trust/shortfall.ts';
import { verifyProofs } from '../trust/verify-proofs.ts';
import type { Proposal, ProposedArticle } from './proposal.ts';

/** A proposal with signatures added, and by whom. */
export interface SignedProposal {
  proposal: Proposal;
  /** did:keys that signed now. */
  added: string[];
}

/**
 * Signs what a proposal proposes with those of the keys at hand that its mastheads name for it.
 *
 * @throws {OvnError} `key` when they name none of them; `refused` when a signature that is there does not fit.
 */
export function signProposal(proposal: Proposal, signers: readonly Signer[]): SignedProposal {
  missingSignatures(proposal); // whoever signs vouches for no wrong signature beside his own
  const added = new Set<string>();
  const sign = <T extends object>(document: PartlySigned<T>, roles: readonly Role[]): PartlySigned<T> => {
    const named = new Set(roles.flatMap(({ keys }) => keys.map(({ id }) => id)));
    const able = signers.filter(({ did }) => named.has(did));
    for (const { did } of able) added.add(did);
    return countersign(document, able);
  };
  const signed = signDocuments(proposal, sign);
  if (added.size === 0) throw notNamed(proposal, signers);
  return { proposal: signed, added: [...added] };
}

/**
 * Which roles have not signed enough yet; none: the proposal can be finished.
 *
 * @throws {OvnError} `refused` when a signature does not fit, or is by a key that has no say.
 */
export function missingSignatures(proposal: Proposal): Shortfall[] {
  const { newest } = proposal.mastheads;
  switch (proposal.kind) {
    case 'masthead':
      return missingOf(proposal.masthead, mastheadSigners(newest.masthead, proposal.masthead));
    case 'manifest': {
      const role = newest.masthead.roles.edition;
      return missingOf(proposal.manifest, [
        { of: `edition keys of masthead ${newest.masthead.version}`, role },
      ]);
    }
    case 'articles':
      return proposal.articles.flatMap((article) => {
        return missingOf(article, [
          { of: `desk keys for ${article.identifier}`, role: deskFor(proposal, article) },
        ]);
      });
  }
}

/** Every did:key that might sign a proposal. */
export function everyKeyOf(proposal: Proposal): Set<string> {
  const { roles } = proposal.mastheads.newest.masthead;
  const keysOf = (...asked: Role[]): Set<string> =>
    new Set(asked.flatMap(({ keys }) => keys.map(({ id }) => id)));
  if (proposal.kind === 'masthead') return keysOf(roles.masthead, proposal.masthead.roles.masthead);
  return keysOf(proposal.kind === 'manifest' ? roles.edition : roles.desk);
}

type Sign = <T extends object>(document: PartlySigned<T>, roles: readonly Role[]) => PartlySigned<T>;

function signDocuments(proposal: Proposal, sign: Sign): Proposal {
  const { newest } = proposal.mastheads;
  switch (proposal.kind) {
    case 'masthead': {
      const roles = [newest.masthead.roles.masthead, proposal.masthead.roles.masthead];
      return { ...proposal, masthead: sign(proposal.masthead, roles) };
    }
    case 'manifest':
      return { ...proposal, manifest: sign(proposal.manifest, [newest.masthead.roles.edition]) };
    case 'articles': {
      const articles = proposal.articles.map((article) => sign(article, [deskFor(proposal, article)]));
      return { ...proposal, articles };
    }
  }
}

/** The desk's keys that may sign for all categories of an article. */
function deskFor({ mastheads }: Proposal, { categories }: ProposedArticle): Role {
  const { keys, threshold } = mastheads.newest.masthead.roles.desk;
  const slugs = categories.map(({ slug }) => slug);
  return { threshold, keys: keys.filter((key) => covers(key, slugs)) };
}

/** Which of the required roles are short, once every signature that is there fits. */
function missingOf(document: PartlySigned<object>, required: readonly RequiredRole[]): Shortfall[] {
  if (document.proof === undefined) return shortfallsOf(required, new Set());
  const authorised = new Set(required.flatMap(({ role }) => role.keys.map(({ id }) => id)));
  const signed = verifyProofs(document, { authorised, now: 'timeless' });
  if (signed.size !== document.proof.length) throw strange(required[0]?.of ?? '');
  return shortfallsOf(required, signed);
}

function strange(what: string): OvnError {
  return new OvnError('refused', `the proposal bears a signature of a key that has no say (${what})`);
}

function notNamed({ kind, mastheads }: Proposal, signers: readonly Signer[]): OvnError {
  const { version } = mastheads.newest.masthead;
  const held = signers.length === 0 ? 'there is no key here' : signers.map(({ did }) => did).join(', ');
  return new OvnError(
    'key',
    `no key at hand may sign ${kind === 'articles' ? 'these articles' : `this ${kind}`} (masthead ${version}): ${held}`,
    {
      hint: 'ovn masthead show says whose signatures count; --key FILE names a key that is not in the keyring.',
    },
  );
}
