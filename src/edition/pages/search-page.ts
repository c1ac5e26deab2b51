import { escapeHtml } from '../../article/html.ts';
import { wordsAttributes, wordsFor } from '../../article/interface-words.ts';
import { rawCid } from '../../unixfs/hash.ts';
import type { Publication } from '../publication.ts';
import { SEARCH_JS } from '../search-js.generated.ts';
import { siteWords } from '../words/words.ts';
import { renderSitePage } from './page.ts';

/** Its own script, which asks for files beside it and for nothing else. */
const SEARCH_POLICY =
  "default-src 'none'; img-src 'self'; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";

/** By this hash a policy can allow the script and no other. */
export function searchIntegrity(): string {
  const { digest } = rawCid(Buffer.from(SEARCH_JS, 'utf8')).multihash;
  return `sha256-${Buffer.from(digest).toString('base64')}`;
}

/** `search.html`: a field, and what its script says in the outlet's language. Without the script it leads to the archive. */
export function renderSearchPage(publication: Publication): string {
  const { language, name } = publication;
  const site = siteWords(language);
  const words = site.search;
  const title = `${words.title} · ${name}`;
  const { searching, found, none, missing, failed, damaged } = words;
  const said = Object.entries({ searching, found, none, missing, failed, damaged });
  const texts = said.map(([key, text]) => ` data-${key}="${escapeHtml(text)}"`).join('');
  const archive = `<a href="articles/">${escapeHtml(wordsFor(language).archive)}</a>`;
  const main = `<div${wordsAttributes(site, language)}>
<h1>${escapeHtml(words.title)}</h1>
<search>
<form id="form" class="search" action="search.html" hidden>
<label for="q">${escapeHtml(words.label)}</label>
<input id="q" name="q" type="search" maxlength="200" autocomplete="off" spellcheck="false" dir="auto" aria-describedby="hint">
<button type="submit">${escapeHtml(words.title)}</button>
</form>
</search>
<p id="hint" class="meta">${escapeHtml(words.hint)}</p>
<p id="status" role="status"${texts}>${escapeHtml(words.noScript)} ${archive}</p>
<ol id="results" class="entries"></ol>
<p class="more"><button id="more" type="button" hidden>${escapeHtml(words.more)}</button></p>
</div>
`;
  return renderSitePage(publication, {
    title,
    top: './',
    here: 'search',
    main,
    policy: SEARCH_POLICY,
    metadata: [
      '<link rel="stylesheet" href="search.css">',
      `<script src="search.js" integrity="${searchIntegrity()}" defer></script>`,
    ],
  });
}
