import { beforeAll, describe, expect, it } from 'vitest';
import { sharedFolder } from '../e2e/support.ts';
import { NOW } from '../helpers/newsroom.ts';
import { ATTACKS, FERRY, LIGHT, type Paper, publishPaper, whatOf } from './attacks.ts';
import { ask, GATEWAY } from './support.ts';

const ADDRESS = `${GATEWAY}/verify.html`;
const folder = sharedFolder();
let paper: Paper;

beforeAll(async () => {
  paper = await publishPaper(folder);
});

describe('an edition that nobody changed', () => {
  const whats = [
    '',
    LIGHT,
    `articles/${FERRY}`,
    'categories/science',
    `categories/world/${FERRY}`,
    `revisions/${LIGHT}/1`,
  ];

  it.each(whats)('is green with its id: "%s"', async (what) => {
    const { publication: id, forger } = paper;
    const answer = await ask(forger.held, ADDRESS, { id, what, root: `${forger.edition}` }, NOW);
    expect(answer).toMatchObject({ colour: 'green', failed: undefined, missed: undefined });
  });

  it('is never green without its id', async () => {
    const { forger, publication } = paper;
    const answer = await ask(forger.held, ADDRESS, { root: `${forger.edition}` }, NOW);
    expect(answer).toMatchObject({ colour: 'amber', failed: undefined });
    expect(answer.detail).toContain(publication);
  });

  it('is amber when it has expired, and says until when it was confirmed', async () => {
    const { forger, publication: id } = paper;
    const later = new Date('2026-06-01T00:00:00Z');
    const answer = await ask(forger.held, ADDRESS, { id, root: `${forger.edition}` }, later);
    expect(answer).toMatchObject({ colour: 'amber', failed: undefined });
    expect(answer.detail).toContain('2026-02-09');
  });
});

describe('an attack', () => {
  it.each(ATTACKS)('is red: $name', async (attack) => {
    const root = await attack.root(paper);
    const held = attack.check === 'publication-confirmed' ? paper.other.forger.held : paper.forger.held;
    const answer = await ask(held, ADDRESS, { id: paper.publication, what: whatOf(attack), root }, NOW);
    expect(answer.colour, answer.lines.join('\n')).toBe('red');
    expect(answer.failed, answer.lines.join('\n')).toBe(attack.check);
  });
});
