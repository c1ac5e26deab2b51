import { describe, expect, it } from 'vitest';
import { writeTrustTxt } from '../../../src/edition/metadata/trust-txt.ts';
import { PUBLICATION } from '../../helpers/paper.ts';

describe('writeTrustTxt', () => {
  it('writes what is said, a line each, in one order', () => {
    const trust = {
      datatrainingallowed: 'no',
      contact: ['mailto:desk@paper.example'],
      member: ['https://a.example/', 'https://b.example/'],
      belongto: ['https://press.example/'],
    } as const;
    expect(writeTrustTxt({ publication: PUBLICATION, trust })).toBe(
      `# Publication ${PUBLICATION.id}
member=https://a.example/
member=https://b.example/
belongto=https://press.example/
contact=mailto:desk@paper.example
datatrainingallowed=no
`,
    );
  });

  it('writes nothing where nothing is said', () => {
    expect(writeTrustTxt({ publication: PUBLICATION })).toBeUndefined();
  });
});
