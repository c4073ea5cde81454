/* The words of roles and groups. Pure (see web/ui/words/catalogue.ts). */
import { createSay } from '../../ui/index.ts';

const words = {
  'roles.title': 'Roles',
  'roles.new': 'New role',
  'roles.empty': 'No roles',
  'roles.empty.why': 'A role gives its members apps.',
  'roles.default': 'given to new people in bulk',
  'groups.title': 'Groups',
  'groups.new': 'New group',
  'groups.empty': 'No groups',
  'groups.empty.why': 'Groups go to the apps of their members as teams.',
  name: 'Name',
  members: 'Members',
  apps: 'Apps',
  create: 'Create',
  cancel: 'Cancel',
  'members.pick': 'Members',
  'members.find': 'Find a user',
  'members.none': 'Nobody yet',
  'members.remove': 'Remove {name}',
  'apps.pick': 'Apps of this role',
  'apps.none': 'There are no apps yet.',
  delete: 'Delete',
  'role.delete.title': 'Delete the role {name}?',
  'role.delete.what': 'Its members lose the apps they have through it alone, by each app’s own rule.',
  'group.delete.title': 'Delete the group {name}?',
  'group.delete.what': 'Its members stay. At the apps the team loses them.',
} as const;

export const say = createSay(words);
