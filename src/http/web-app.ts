// Serves a site's built web app: its page with a fresh nonce, its assets by their hashed names. Talks to: the file system.
// Any path that is neither API nor asset answers the page, whose router knows it.

import { randomBytes } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { Readable } from 'node:stream';
import { type SiteIdentity, securityHeaders } from './browser-guard.ts';

const types: Record<string, string> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.woff2': 'font/woff2',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
};

export interface WebApp {
  /** The page, with scripts and styles marked by a nonce of this answer alone. */
  page(): Response;
  /** An asset, or undefined when there is none of that name. */
  asset(path: string): Response | undefined;
}

/** @param folder where the build put `index.html` of the site @param assets where it put the hashed files */
export function createWebApp(site: SiteIdentity, folder: string, assets: string): WebApp {
  let cached: { html: string; at: number } | undefined;
  const file = join(folder, 'index.html');
  function html(): string {
    const at = statSync(file).mtimeMs;
    if (cached?.at !== at) cached = { html: readFileSync(file, 'utf8'), at };
    return cached.html;
  }
  return {
    page() {
      const nonce = randomBytes(18).toString('base64');
      return new Response(html().replaceAll('__CSP_NONCE__', nonce), {
        headers: {
          'content-type': 'text/html; charset=utf-8',
          'cache-control': 'no-store',
          ...securityHeaders(site, { nonce }),
        },
      });
    },
    asset(path) {
      const type = types[extname(path)];
      const full = join(assets, normalize(`/${path}`));
      if (!type || !full.startsWith(assets)) return undefined;
      try {
        const { size } = statSync(full);
        return new Response(Readable.toWeb(createReadStream(full)) as ReadableStream, {
          headers: {
            'content-type': type,
            'content-length': String(size),
            'cache-control': 'public, max-age=31536000, immutable',
            ...securityHeaders(site),
          },
        });
      } catch {
        return undefined;
      }
    },
  };
}
