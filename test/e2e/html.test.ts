// The HTML report in a real browser: readable without a mouse or eyes, filters that filter, both colour schemes.

import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowwhat } from './run-cli.ts';

const program = [process.env['CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
  (path) => path !== '' && existsSync(path),
);
if (program === undefined)
  process.stdout.write('skipped: no Chromium for the HTML report; install it or set CHROMIUM\n');

describe.skipIf(program === undefined)('the HTML report', () => {
  let browser: Browser;
  const file = join(mkdtempSync(join(tmpdir(), 'nowwhat-html-')), 'report.html');

  beforeAll(async () => {
    writeFileSync(file, nowwhat(['check', 'examples/shop/k8s', '-o', 'html']).out);
    const args = [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ];
    browser = await chromium.launch({ executablePath: program ?? '', args });
  });

  afterAll(() => browser.close());

  it.each(['light', 'dark'] as const)('has no accessibility violation in %s', async (colorScheme) => {
    const context = await browser.newContext({ colorScheme });
    const page = await context.newPage();
    await page.goto(`file://${file}`);
    for (const details of await page.locator('details').all())
      await details.evaluate((element) => element.setAttribute('open', ''));
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
    await context.close();
  });

  it('filters by leg, person, severity and text', async () => {
    const page = await browser.newPage();
    await page.goto(`file://${file}`);
    const shown = (): Promise<number> => page.locator('[data-group]:visible').count();
    const all = await shown();
    await page.selectOption('[name=severity]', 'critical');
    const critical = await shown();
    expect(critical).toBeGreaterThan(0);
    expect(critical).toBeLessThan(all);
    await page.selectOption('[name=leg]', 'backups');
    expect(await shown()).toBe(0);
    await page.selectOption('[name=leg]', '');
    await page.selectOption('[name=severity]', '');
    await page.fill('[name=text]', 'privileged');
    expect(await shown()).toBeLessThan(all);
    await page.close();
  });

  it('shows everything without scripts, and asks the network for nothing', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(`file://${file}`);
    expect(await page.locator('[data-group]').count()).toBeGreaterThan(20);
    expect(requests.filter((url) => !url.startsWith('file:'))).toEqual([]);
    await context.close();
  });

  it('fits a phone', async () => {
    const page = await browser.newPage({ viewport: { width: 375, height: 800 } });
    await page.goto(`file://${file}`);
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });

  it('prints what is folded away, and black on white for who reads it white on black', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(`file://${file}`);
    const inkOf = (): Promise<string> => page.evaluate('getComputedStyle(document.body).color');
    const firstFolded = page.locator('details:not([open]) li').first();
    const inkOfDark = await inkOf();
    expect(await firstFolded.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await firstFolded.isVisible()).toBe(true);
    const inkOfPaper = await inkOf();
    await page.emulateMedia({ media: 'screen', colorScheme: 'light' });
    expect(inkOfPaper).toBe(await inkOf());
    expect(inkOfPaper).not.toBe(inkOfDark);
    await page.close();
  });
});
