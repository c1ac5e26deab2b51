import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { CID } from 'multiformats/cid';
import { writeFolder } from '../../src/workflows/write-folder.ts';
import { openNewsroom } from './forger.ts';
import { type Newsroom, source } from './newsroom.ts';
import { PROJECT } from './program.ts';

/** When the paper is published: after the newest of the sample articles. */
export const SITE_NOW = new Date('2026-11-01T12:00:00Z');

const LONG =
  'Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz und Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft';

/** What does not fit into a line, a column or a hand. */
const LONG_WORDS = `Text with \`a_long_identifier_that_fits_into_no_line_of_a_telephone_and_has_to_break\` and *emphasis*.

\`\`\`js
const line = await somebody.something({ a: 1, b: 2, c: 3, d: 4 }).then((result) => result.map(({ name }) => name));
\`\`\`

| First column | Second | Third | Fourth | Fifth |
|:---|---:|:-:|---|---|
| Donaudampfschifffahrt | 1,000,000 | x | Rindfleischetikettierung | A text that may break wherever it likes |

> A quotation that goes on for more than one line, so that one sees what it looks like there.

1. one
   - two

![An observatory](images/first-light.jpg "With a title")

---

## ${LONG}
`;

const corrected = (text: string, lines: Record<string, string> = {}): string =>
  source(
    { title: 'Ferry runs again', date: '2026-10-21', categories: '[World, Technology]', ...lines },
    `The ferry crossed ${text} passengers.\n\nIt takes twenty minutes.\n`,
  );
const retracted = (title: string, notice?: string): string =>
  source(
    {
      title,
      date: '2026-10-20',
      categories: '[World]',
      summary: 'A claim that did not hold.',
      ...(notice === undefined ? {} : { corrections: notice }),
    },
    'The mayor bought the ferry.\n',
  );

/**
 * A paper with a page of every kind: the sample articles (pictures, Arabic, Chinese) and what they do not have. It was published
 * twice.
 */
export async function openSite(dir: string): Promise<Newsroom> {
  const newsroom = await openNewsroom('Harbour Post', dir);
  cpSync(join(PROJECT, 'articles'), newsroom.path('articles'), { recursive: true });
  newsroom.write('articles/corrected.md', corrected('at nine, with 12'));
  newsroom.write('articles/retracted.md', retracted('Mayor bought the ferry'));
  newsroom.write('articles/withheld.md', retracted('Mayor bought the harbour'));
  const long = { title: `“${LONG}”`, date: '2026-09-02', language: 'de', categories: '[World, Economy]' };
  newsroom.write('articles/long-words.md', source({ ...long, summary: LONG }, LONG_WORDS));
  await newsroom.publish({ now: SITE_NOW });
  newsroom.write(
    'articles/corrected.md',
    corrected('at ten, with 21', {
      title: 'Ferry runs again, and later',
      corrections: '[{date: 2026-10-22, text: "It crossed at ten, with 21 passengers."}]',
    }),
  );
  const retraction =
    'date: 2026-10-25, type: retraction, text: "He did not. The register was another town’s."';
  newsroom.write('articles/retracted.md', retracted('Mayor bought the ferry', `[{${retraction}}]`));
  newsroom.write(
    'articles/withheld.md',
    retracted('Mayor bought the harbour', `[{${retraction}, withhold: true}]`),
  );
  return newsroom;
}

/** Writes what lies below a root as a folder, as whoever hosts it on a plain server does. */
export function exportTo(folder: string, root: string, newsroom: Newsroom): Promise<void> {
  const { signal } = new AbortController();
  return newsroom.use(({ node }) => writeFolder(CID.parse(root), folder, node.read, signal));
}
