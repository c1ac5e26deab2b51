// Checks a paper in the browser of its reader. Made from src/verify-page by scripts/page-scripts.js; no third party's code.
import type { PageWindow } from './browser.ts';
import { VerifyPage } from './page.ts';

new VerifyPage(globalThis as unknown as PageWindow).start();
