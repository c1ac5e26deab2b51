import { hash } from 'node:crypto';

const STYLE = `:root { color-scheme: light dark; }
body { background: #fdfcf9; color: #1d1b18; max-width: 40rem; margin: 3rem auto; padding: 0 1.1rem; font: 1.125rem/1.6 Georgia, serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4em; line-height: 1.2; }
ul { padding: 0; list-style: none; }
a { color: #174a7c; }
@media (prefers-color-scheme: dark) {
  body { background: #161513; color: #e9e5dc; }
  a { color: #9cc5f1; }
}`;

/** The policy of the gateway's own pages: their one style, and nothing else from anywhere. */
export const OWN_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** One thing to say, as HTML. */
export function renderSentence(message: string): string {
  return `<p>${escapeText(message)}</p>`;
}

/** A page of the gateway's own, from a title in plain text and HTML. */
export function renderPage(title: string, main: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${main}
</main>
</body>
</html>
`;
}

/** Text as it may stand in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
