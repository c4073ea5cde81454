/*
 * The identity provider's app: its addresses, each loaded when it is first opened. Reach: talks to the document.
 */
import { createBrowserRouter } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { Loading, mountApp, PageFailure } from '../ui/index.ts';

const users = [
  { path: 'users', lazy: async () => ({ Component: (await import('./users/users-page.tsx')).UsersPage }) },
  { path: 'users/:id/:tab?', lazy: async () => ({ Component: (await import('./users/user-page.tsx')).UserPage }) },
  { path: 'groups', lazy: async () => ({ Component: (await import('./roles/groups-page.tsx')).GroupsPage }) },
  { path: 'groups/:id', lazy: async () => ({ Component: (await import('./roles/group-page.tsx')).GroupPage }) },
  { path: 'roles', lazy: async () => ({ Component: (await import('./roles/roles-page.tsx')).RolesPage }) },
  { path: 'roles/:id', lazy: async () => ({ Component: (await import('./roles/role-page.tsx')).RolePage }) },
  { path: 'bulk', lazy: async () => ({ Component: (await import('./bulk/jobs-page.tsx')).JobsPage }) },
  { path: 'bulk/new', lazy: async () => ({ Component: (await import('./bulk/bulk-page.tsx')).BulkPage }) },
  { path: 'bulk/:id', lazy: async () => ({ Component: (await import('./bulk/job-page.tsx')).JobPage }) },
];

const apps = [
  { path: 'apps', lazy: async () => ({ Component: (await import('./apps/company-apps-page.tsx')).CompanyAppsPage }) },
  { path: 'apps/add', lazy: async () => ({ Component: (await import('./apps/add-app-page.tsx')).AddAppPage }) },
  { path: 'apps/:id/:tab?', lazy: async () => ({ Component: (await import('./apps/app-page.tsx')).AppPage }) },
  {
    path: 'approvals/:show?',
    lazy: async () => ({ Component: (await import('./approvals/approvals-page.tsx')).ApprovalsPage }),
  },
];

/** Everybody's: the others are for admins, who land on the dashboard. */
const own = [
  { index: true, lazy: async () => ({ Component: (await import('./home-page.tsx')).HomePage }) },
  { path: 'my', lazy: async () => ({ Component: (await import('./my-apps-page.tsx')).MyAppsPage }) },
  {
    path: 'article',
    lazy: async () => ({ Component: (await import('./followed-article-page.tsx')).FollowedArticlePage }),
  },
  { path: 'password', lazy: async () => ({ Component: (await import('./own-password-page.tsx')).OwnPasswordPage }) },
];

const doors = [
  { path: 'signin', lazy: async () => ({ Component: (await import('./door/sign-in-page.tsx')).SignInPage }) },
  {
    path: 'setup',
    lazy: async () => ({ Component: (await import('./door/first-organization-page.tsx')).FirstOrganizationPage }),
  },
  { path: 'forgot', lazy: async () => ({ Component: (await import('./door/forgot-page.tsx')).ForgotPage }) },
  { path: 'link/:token', lazy: async () => ({ Component: (await import('../ui/door/link-page.tsx')).LinkPage }) },
  { path: 'dev/mail', lazy: async () => ({ Component: (await import('../ui/door/mailbox-page.tsx')).MailboxPage }) },
];

const router = createBrowserRouter([
  {
    errorElement: <PageFailure />,
    hydrateFallbackElement: <Loading />,
    children: [
      {
        lazy: async () => ({ Component: (await import('./frame.tsx')).Frame }),
        children: [
          ...own,
          {
            lazy: async () => ({ Component: (await import('./admins-only.tsx')).AdminsOnly }),
            children: [...users, ...apps],
          },
        ],
      },
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
