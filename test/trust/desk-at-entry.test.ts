import { describe, expect, it } from 'vitest';
import type { MastheadParts } from '../../src/trust/build-masthead.ts';
import { requireDeskAtEntry } from '../../src/trust/desk-at-entry.ts';
import { readMastheads, type VerifiedMastheads } from '../../src/trust/masthead-chain.ts';
import type { Signer } from '../../src/trust/proof.ts';
import { signDocument } from '../../src/trust/sign-document.ts';
import { KEYS, mastheadBytes, mastheadParts } from '../helpers/publication.ts';
import { testSigner } from '../helpers/signers.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const [ANN, BEN] = [testSigner('Ann'), testSigner('Ben')];

type DeskKey = { id: string; categories?: string[] };

/** A chain of mastheads that differ in their desk keys. */
function chainOf(desks: DeskKey[][], last: Partial<MastheadParts> = {}): VerifiedMastheads {
  return readMastheads(
    desks.map((desk, at) =>
      mastheadBytes({
        version: at + 1,
        keys: { ...mastheadParts().keys, desk },
        ...(at === desks.length - 1 ? last : {}),
      }),
    ),
  );
}

/** An article in `science` that was signed under a masthead. */
function article({ publicationId: id }: VerifiedMastheads, signer: Signer, masthead = 1) {
  const document = {
    publication: { id, masthead },
    categories: [{ slug: 'science' }],
    headline: 'First light',
  };
  return signDocument(document, [signer]);
}

function judge(chain: VerifiedMastheads, signer: Signer, { masthead = 1, index = 5 } = {}): string {
  try {
    requireDeskAtEntry(article(chain, signer, masthead), chain, index, NOW);
    return 'counts';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the desk key of a logged article', () => {
  it('counts if its masthead, or a later one, names it', () => {
    const chain = chainOf([[{ id: ANN.did }], [{ id: BEN.did }]]);
    expect(judge(chain, ANN)).toBe('counts');
    expect(judge(chain, BEN)).toBe('counts');
    expect(judge(chain, BEN, { masthead: 2 })).toBe('counts');
  });

  it('does not count under a masthead that does not name it any more, or if none does', () => {
    const chain = chainOf([[{ id: ANN.did }], [{ id: BEN.did }]]);
    expect(judge(chain, ANN, { masthead: 2 })).toContain('no desk key that may sign for it');
    expect(judge(chain, KEYS.edition)).toContain('no desk key that may sign for it');
  });

  it('does not count from the entry on from which it was revoked', () => {
    const revoked = [{ id: ANN.did, fromEntry: 5 }];
    const chain = chainOf([[{ id: ANN.did }], [{ id: BEN.did }]], { revoked });
    expect(judge(chain, ANN, { index: 4 })).toBe('counts');
    expect(judge(chain, ANN, { index: 5 })).toContain(`${ANN.did} is revoked there`);
    expect(judge(chain, ANN, { index: 6 })).toContain('is revoked there');
  });

  it('does not count outside of its categories', () => {
    expect(judge(chainOf([[{ id: ANN.did, categories: ['science'] }]]), ANN)).toBe('counts');
    expect(judge(chainOf([[{ id: ANN.did, categories: ['sport'] }]]), ANN)).toContain('no desk key');
  });

  it('does not count alone where two are asked for', () => {
    const desk = [{ id: ANN.did }, { id: BEN.did }];
    expect(judge(chainOf([desk], { thresholds: { desk: 2 } }), ANN)).toContain('no desk key');
  });
});
