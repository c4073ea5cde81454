// The resource types a workspace starts with: two entries of a table. A third is one entry more. Pure.
import { enterpriseUserSchema } from './enterprise-user.ts';
import { groupSchema } from './group.ts';
import { createResourceTypes } from './resource-type.ts';
import { userSchema } from './user.ts';
import { workspaceUserSchema } from './workspace-user.ts';

export const registeredTypes = createResourceTypes([
  {
    name: 'User',
    endpoint: 'Users',
    description: 'People with an account.',
    schema: userSchema,
    extensions: [
      { schema: enterpriseUserSchema, required: false },
      { schema: workspaceUserSchema, required: false },
    ],
    noun: { one: 'person', many: 'people' },
    labels: [['displayName'], ['name.formatted'], ['name.givenName', 'name.familyName'], ['userName']],
    activeAttribute: 'active',
    matchAttribute: 'userName',
    keptOnFirstWrite: ['userName', 'emails'],
  },
  {
    name: 'Group',
    endpoint: 'Groups',
    description: 'Groups of people.',
    schema: groupSchema,
    extensions: [],
    noun: { one: 'team', many: 'teams' },
    labels: [['displayName']],
    matchAttribute: 'displayName',
    keptOnFirstWrite: [],
  },
]);
