/*
 * What every page of both apps stands on: theme, colour scheme, queries, live region, and the nonce for styles.
 * Reach: talks to the document and to local storage.
 * Mantine and react-remove-scroll write <style> elements; both must be told the nonce or the CSP refuses them.
 */
import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isProblem, type Problem } from '../api.ts';
import { LiveRegion } from '../live/live-region.tsx';
import { LANGUAGE } from '../words/catalogue.ts';
import './styles.css';
import { cssVariables, theme } from './theme.ts';

const colorSchemes = localStorageColorSchemeManager({ key: 'rollcall-theme' });

function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** `onSignedOut` runs whenever an answer says that nobody is signed in any more. */
function createQueries(onSignedOut: (problem: Problem) => void): QueryClient {
  const watch = (error: Error) => {
    if (isProblem(error) && error.kind === 'not-signed-in') onSignedOut(error);
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError: watch }),
    mutationCache: new MutationCache({ onError: watch }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (failures, error) => failures < 1 && (!isProblem(error) || error.status >= 500),
      },
      mutations: { retry: false },
    },
  });
}

function Foundation({ queries, children }: { queries: QueryClient; children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
      getStyleNonce={styleNonce}
    >
      <QueryClientProvider client={queries}>
        <LiveRegion>{children}</LiveRegion>
      </QueryClientProvider>
    </MantineProvider>
  );
}

/** Mounts an app into #root. */
export function mountApp(app: ReactNode, onSignedOut: (problem: Problem) => void): void {
  (globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = styleNonce();
  document.documentElement.lang = LANGUAGE;
  const root = document.getElementById('root');
  if (root === null) throw new Error('The page has no #root element.');
  createRoot(root).render(
    <StrictMode>
      <Foundation queries={createQueries(onSignedOut)}>{app}</Foundation>
    </StrictMode>,
  );
}
