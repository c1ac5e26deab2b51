import { escapeHtml } from '../../article/html.ts';
import { wordsAttributes } from '../../article/interface-words.ts';
import type { Publication } from '../publication.ts';
import { siteWords } from '../words/words.ts';
import { renderSitePage } from './page.ts';

/**
 * `404.html`. It is shown at addresses of any depth, so that nothing relative in it would lead anywhere. Its links begin at the
 * root of the host, which is the edition's own wherever `_redirects` counts: on a host of its own (subdomain, DNSLink, web host),
 * never below a path that others share (specification, section 3.2).
 */
export function renderNotFoundPage(publication: Publication): string {
  const { language, name } = publication;
  const words = siteWords(language);
  const main = `<div${wordsAttributes(words, language)}>\n<h1>${escapeHtml(words.notFound)}</h1>\n<p>${escapeHtml(words.notFoundText)}</p>\n</div>\n`;
  return renderSitePage(publication, {
    title: `${words.notFound} · ${name}`,
    top: '/',
    main,
    folder: '/',
  });
}
