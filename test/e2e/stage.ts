// The stage of the browser tests: pages in which a policy violation or a script error is a failure, and a recorder that
// makes the tutorial of what a walk shows. Talks to: a browser, the file system.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface Stage {
  context: BrowserContext;
  page: Page;
  /** What the browser complained of: must stay empty. */
  complaints: string[];
}

/** What a page may say without being wrong: an answer of 4xx is also told to the console by the browser itself. */
const harmless = /^Failed to load resource: the server responded with a status of 4\d\d/;

export async function openStage(browser: Browser, options: { colorScheme?: 'light' | 'dark' } = {}): Promise<Stage> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const complaints: string[] = [];
  const watch = (page: Page) => {
    page.on('console', (message) => {
      if (message.type() === 'error' && !harmless.test(message.text()))
        complaints.push(`${page.url()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  };
  context.on('page', watch);
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  return { context, page, complaints };
}

/** Signs in with a printed one-time link: looking at it is not enough, its button is pressed. */
export async function enter(page: Page, link: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/link/'));
}

export interface Recorder {
  /** A step of the article, done: its words, and the page as it looks now. */
  step(row: string, words: string, page: Page): Promise<void>;
  /** Writes the tutorial, when one is being made. */
  finish(): void;
}

/** With TUTORIAL=1 the walk leaves `docs/tutorial.md` and its pictures; otherwise nothing. */
export function createRecorder(project: string): Recorder {
  const isOn = process.env['TUTORIAL'] === '1';
  const folder = join(project, 'docs', 'img');
  const lines = [
    '# The article, step by step',
    '',
    'Both ends of one walk, from a fresh `npm ci && npm start` to a green *Provisioned*. The rows are those of the article',
    '“SCIM Configuration with OneLogin”; the pictures are taken by the test that walks it (`test/e2e/walk.test.ts`).',
    '',
  ];
  return {
    async step(row, words, page) {
      if (!isOn) return;
      mkdirSync(folder, { recursive: true });
      const name = `walk-${row.toLowerCase().replace(/[^a-z0-9]+/g, '-')}.png`;
      await page.screenshot({ path: join(folder, name) });
      lines.push(`## ${row}`, '', words, '', `![${words.replace(/[[\]*_`]/g, '')}](img/${name})`, '');
    },
    finish() {
      if (isOn) writeFileSync(join(project, 'docs', 'tutorial.md'), `${lines.join('\n')}`);
    },
  };
}
