/*
 * The workspace app: its addresses, each loaded when it is first opened. Reach: talks to the document.
 * `/acme`, the address of a workspace, is the last rule: every other first word is a reserved slug.
 */
import { createBrowserRouter, Navigate } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Loading, mountApp, PageFailure } from '../ui/index.ts';

const settings = [
  { index: true, lazy: async () => ({ Component: (await import('./settings/general-page.tsx')).GeneralPage }) },
  { path: 'members', lazy: async () => ({ Component: (await import('./settings/members-page.tsx')).MembersPage }) },
  {
    path: 'integrations',
    lazy: async () => ({ Component: (await import('./settings/integrations-page.tsx')).IntegrationsPage }),
  },
];

const signedIn = [
  { index: true, element: <Navigate to="/people" replace /> },
  { path: 'people', lazy: async () => ({ Component: (await import('./people/people-page.tsx')).PeoplePage }) },
  { path: 'people/:id', lazy: async () => ({ Component: (await import('./people/person-page.tsx')).PersonPage }) },
  { path: 'teams', lazy: async () => ({ Component: (await import('./people/teams-page.tsx')).TeamsPage }) },
  { path: 'teams/:id', lazy: async () => ({ Component: (await import('./people/team-page.tsx')).TeamPage }) },
  {
    path: 'requests/:id?',
    lazy: async () => ({ Component: (await import('./requests/requests-page.tsx')).RequestsPage }),
  },
  {
    path: 'article',
    lazy: async () => ({ Component: (await import('./followed-article-page.tsx')).FollowedArticlePage }),
  },
  {
    path: 'password',
    lazy: async () => ({ Component: (await import('./settings/own-password-page.tsx')).OwnPasswordPage }),
  },
  { path: 'settings/sso', element: <Navigate to="/settings/integrations#scim" replace /> },
  {
    path: 'settings/integrations/saml',
    lazy: async () => ({ Component: (await import('./saml/saml-page.tsx')).SamlPage }),
  },
  {
    path: 'settings/integrations/scim/:tab?',
    lazy: async () => ({ Component: (await import('./scim/scim-page.tsx')).ScimPage }),
  },
  {
    path: 'settings',
    lazy: async () => ({ Component: (await import('./settings/settings-frame.tsx')).SettingsFrame }),
    children: settings,
  },
];

const doors = [
  { path: 'signin', lazy: async () => ({ Component: (await import('./door/sign-in-page.tsx')).SignInPage }) },
  {
    path: 'setup',
    lazy: async () => ({ Component: (await import('./door/first-workspace-page.tsx')).FirstWorkspacePage }),
  },
  { path: 'forgot', lazy: async () => ({ Component: (await import('../ui/door/forgot-page.tsx')).ForgotPage }) },
  { path: 'link/:token', lazy: async () => ({ Component: (await import('../ui/door/link-page.tsx')).LinkPage }) },
  { path: 'dev/mail', lazy: async () => ({ Component: (await import('../ui/door/mailbox-page.tsx')).MailboxPage }) },
  { path: ':slug', lazy: async () => ({ Component: (await import('./door/workspace-door.tsx')).WorkspaceDoor }) },
];

const router = createBrowserRouter([
  {
    errorElement: <PageFailure />,
    hydrateFallbackElement: <Loading />,
    children: [
      { lazy: async () => ({ Component: (await import('./frame.tsx')).Frame }), children: signedIn },
      ...doors,
      { path: '*', element: <PageFailure /> },
    ],
  },
]);

/** An answer said that nobody is signed in: sign in, then come back to this address. */
function signInAgain(): void {
  const { pathname, search } = router.state.location;
  if (pathname === '/signin') return;
  void router.navigate(`/signin?next=${encodeURIComponent(pathname + search)}`, { replace: true });
}

mountApp(<RouterProvider router={router} />, signInAgain);
