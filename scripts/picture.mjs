// Takes the picture of the HTML report that the README shows: `npm run picture`, with a Chromium named by CHROMIUM or found as /usr/bin/chromium.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-picture-'));
const page = join(folder, 'report.html');
const args = ['bin/nowwhat.js', 'examples/shop/k8s', '-o', 'html', '--output-file', page];
const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
if (status !== 1) throw new Error(`the report of the sample app ended with status ${status}`);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
try {
  const tab = await browser.newPage({ viewport: { width: 1200, height: 1150 }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(page).href);
  await tab.locator('details').first().click();
  await tab.screenshot({ path: 'docs/images/report.png' });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
