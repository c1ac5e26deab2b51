// Makes docs/images/article.png, the picture in README.md, out of the page of a sample article. It needs what `npm start`
// has published, and Chromium (CHROMIUM names it where it lies elsewhere).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = fileURLToPath(new URL('..', import.meta.url));
const ARTICLE = 'articles/2025/07/07/first-light/';

const server = spawn(process.execPath, [`${root}bin/ovn.js`, 'serve', '--http', '127.0.0.1:0', '--json'], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
});
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
  const page = await browser.newPage({ viewport: { width: 1200, height: 980 }, colorScheme: 'light' });
  await page.goto(`${JSON.parse(line).http}/${ARTICLE}`);
  await page.evaluate(() => Promise.all([...globalThis.document.images].map((image) => image.decode())));
  await page.screenshot({ path: `${root}docs/images/article.png` });
} finally {
  await browser.close();
  server.kill('SIGINT');
}
