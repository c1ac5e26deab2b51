import { PREVIEW_PATH } from './mark-page.ts';

/**
 * Reloads a page when it is not of the newest state any more, also when the preview was started anew. Only a page that is seen listens:
 * browsers hold six connections to a host, and with as many open pages nothing else would load.
 */
const SCRIPT = `const shown = document.querySelector('[data-generation]')?.dataset.generation;
let events;
const listen = () => {
  events?.close();
  events = document.hidden ? undefined : new EventSource('${PREVIEW_PATH}events');
  if (events) events.onmessage = ({ data }) => {
    if (data !== shown) location.reload();
  };
};
document.addEventListener('visibilitychange', listen);
listen();
`;

const STYLE = `.ovn-preview, .ovn-preview-mark { font: 600 0.8rem/1.5 system-ui, sans-serif; color: #3d2c00; background: #ffe9a8; }
.ovn-preview { padding: 0.5rem 1rem; border-bottom: 2px solid #8a6400; }
.ovn-preview p, .ovn-preview ul { margin: 0.2rem 0; }
.ovn-preview-mark { padding: 0.1rem 0.4rem; border: 1px solid #8a6400; border-radius: 0.2rem; }
.ovn-preview-errors { color: #5c0000; background: #ffd9d6; border-color: #a40000; }
@media print { .ovn-preview, .ovn-preview-mark { display: none; } }
`;

/** What a preview has besides the site, by name below {@link PREVIEW_PATH}. */
export const ASSETS: ReadonlyMap<string, { type: string; text: string }> = new Map([
  ['preview.js', { type: 'text/javascript; charset=utf-8', text: SCRIPT }],
  ['preview.css', { type: 'text/css; charset=utf-8', text: STYLE }],
]);
