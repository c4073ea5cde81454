/*
 * The article's steps in its own words, the same at both ends. Reach: pure (see catalogue.ts).
 */
import { createSay } from '../words/catalogue.ts';

const words = {
  title: 'Follow the article',
  lead: '“SCIM Configuration with OneLogin”, step by step. Ticks come from the real state of this end, never from a click.',
  progress: {
    one: '{done} of {n} step at this end is done.',
    other: '{done} of {n} steps at this end are done.',
  },
  done: 'Done',
  open: 'Open',
  'at.workspace': 'At the workspace',
  'at.identity': 'At the identity provider',
  '0': 'Before anything: the workspace is on Plus, SAML SSO is on, and you are an admin',
  '1': 'Navigate to Settings',
  '2': 'Click the Integrations tab',
  '3': 'Scroll to the SCIM card and click Connect',
  '4': "Confirm you'd like to Enable SCIM to reveal the API token",
  '5': 'Copy the API token to the clipboard',
  '6': 'Sign in as an admin, open Apps, then Company Apps',
  '7': 'Choose the app. If it is not listed, SAML SSO is not enabled',
  '8': 'On the Configuration tab, confirm the OrgID',
  '9': 'Enter Authorization: and paste the API token',
  '10': 'Click Enable: API Status changes to Enabled',
  '11': 'Click Save',
  '12': 'On the Provisioning tab, tick Enable provisioning',
  '13': 'Untick Create user, Delete user and Update user, then Save',
  '14': 'Back at the workspace, the SCIM card offers only Disable SCIM: the connection works',
  '15': 'Users, All users, a user, Applications, +: choose the app, Continue, Save',
  '16': 'A green Provisioned stands beside the app',
  '17': 'All users, More Actions, Bulk operations: Default, Activate and Send invite, Continue, confirm',
} as const;

export const say = createSay(words);
