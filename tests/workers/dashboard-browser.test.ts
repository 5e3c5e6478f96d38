import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DashboardScene, startDashboard } from '../support/dashboard-scene.ts';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const isThere = existsSync(CHROMIUM);
if (!isThere)
  console.warn(`no Chromium at ${CHROMIUM}: how the dashboard looks in a browser is not tested here (set CHROMIUM)`);

let scene: DashboardScene;
let browser: Browser;
beforeAll(async () => {
  if (!isThere) return;
  scene = await startDashboard();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}, 60_000);
afterAll(async () => {
  await browser?.close();
  await scene?.stop();
});

/** Texts on this page whose contrast to what lies behind them is under WCAG's 4.5, and how much wider than the window it is. Runs in the browser. */
const FAULTS = `(() => {
  const channel = (value) => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const rgba = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const behind = (element) => {
    for (let here = element; here; here = here.parentElement) {
      const color = rgba(getComputedStyle(here).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.textContent.trim() === '' || node.parentElement.closest('style')) continue;
    const [a, b] = [light(rgba(getComputedStyle(node.parentElement).color)), light(behind(node.parentElement))];
    const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (contrast < 4.5) faint.push(node.textContent.trim().slice(0, 40) + ': ' + contrast.toFixed(2));
  }
  return { faint, wider: document.documentElement.scrollWidth - document.documentElement.clientWidth };
})()`;

test.skipIf(!isThere).each([
  ['light', 1280],
  ['light', 390],
  ['dark', 1280],
  ['dark', 390],
] as const)(
  'in a %s browser window %i wide every page can be read, fits, and breaks none of its own rules',
  async (colorScheme, width) => {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => {
      if (!request.url().startsWith(String(scene.worker.address)) && !request.url().startsWith('data:'))
        complaints.push(`asked for ${request.url()}`);
    });
    const [story] = await scene.worker.stores.recent.stories({ onSubject: false, limit: 1 });
    const [article] = await scene.worker.stores.archive.newest(1);
    const paths = [
      '/',
      '/stories',
      `/stories/${story?.id}`,
      `/articles/${article?.article.id}`,
      '/watches',
      '/watches/wires',
      '/feeds',
    ];
    for (const path of paths) {
      const response = await page.goto(`${scene.worker.address}${path}`);
      expect(response?.status(), path).toBe(200);
      expect(await page.evaluate(FAULTS), path).toEqual({ faint: [], wider: 0 });
    }
    expect(complaints).toEqual([]);
    await context.close();
  },
  60_000,
);
