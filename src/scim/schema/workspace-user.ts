// Our own extension of User: what the workspace shows and no registered schema has. Pure.
// startDate takes a date without a time as well; it is kept as sent and compared as midnight UTC.
import { attribute, type Schema } from './attribute.ts';

export const workspaceUserSchema: Schema = {
  id: 'urn:rollcall:params:scim:schemas:extension:workspace:2.0:User',
  name: 'WorkspaceUser',
  description: 'What a workspace shows of a user besides the registered schemas.',
  attributes: [
    attribute('startDate', 'The first day, as a date or a dateTime.', { type: 'dateTime' }),
    attribute('location', 'Where the user works.'),
    attribute('managerEmail', 'The e-mail address of the manager.'),
    attribute('managerDisplayName', 'The name of the manager.'),
  ],
};
