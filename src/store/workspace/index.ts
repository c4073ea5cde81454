// The store of the receiving end's workspaces, put together. Talks to: Postgres.

import type { WorkspaceStore } from '../../service-provider/workspace.ts';
import type { TenantDatabase } from '../database.ts';
import { createSamlStore } from './saml.ts';
import { createScimConnectionStore } from './scim-connection.ts';
import { createSettingsStore } from './settings.ts';

export function createWorkspaceStore(database: TenantDatabase): WorkspaceStore {
  return { ...createSettingsStore(database), ...createScimConnectionStore(database), ...createSamlStore(database) };
}
