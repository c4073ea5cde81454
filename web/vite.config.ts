/*
 * One build, two apps: the workspace and the identity provider share chunks and each has its own entry page.
 * The server puts a fresh nonce where `__CSP_NONCE__` stands. Nothing is inlined as data:, since the CSP refuses data: fonts.
 */
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here('.'),
  appType: 'mpa',
  publicDir: false,
  plugins: [react()],
  resolve: { alias: [{ find: /^zod$/, replacement: here('./ui/zod.ts') }] },
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: here('./dist'),
    emptyOutDir: true,
    target: 'es2024',
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    sourcemap: false,
    reportCompressedSize: true,
    rolldownOptions: {
      // Our components do nothing on import, so a page loads only those it uses; styles and zod's settings do.
      treeshake: { moduleSideEffects: [{ test: /\/web\/ui\/.*(?<!zod|foundation)\.tsx?$/, sideEffects: false }] },
      input: { workspace: here('./workspace/index.html'), identity: here('./identity/index.html') },
    },
  },
});
