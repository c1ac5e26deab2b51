// Searches a paper in the browser of its reader. Made from src/search-page by scripts/page-scripts.js; no third party's code.
import type { PageWindow } from './browser.ts';
import { SearchPage } from './page.ts';

new SearchPage(globalThis as unknown as PageWindow).start();
