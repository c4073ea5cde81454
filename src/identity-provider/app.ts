// Apps of an organization: what is kept of one, and what the domain asks of a store for them. Pure.

import type { Capabilities } from '../provisioning/desired.ts';
import type { ProvisioningSettings } from '../provisioning/plan.ts';
import type { Check } from '../provisioning/target/checks.ts';
import type { Cause, Named } from './directory.ts';

export type Connector = 'rollcall' | 'scim2';
export type ApiStatus = 'disabled' | 'enabled' | 'failing';

export interface AppCounts {
  provisioned: number;
  pending: number;
  failed: number;
  moving: number;
  held: number;
}

export interface AppSummary {
  id: string;
  name: string;
  description: string | null;
  connector: Connector;
  apiStatus: ApiStatus;
  provisioning: boolean;
  users: number;
  counts: AppCounts;
  lastSuccessAt: Date | null;
  errors24h: number;
}

export interface Configuration {
  /** Origin of a Rollcall service; null for a generic app. */
  host: string | null;
  orgId: string | null;
  baseUrl: string;
  /** Sealed. */
  credential: string | null;
  credentialHint: string | null;
  updateMethod: 'auto' | 'PATCH' | 'PUT';
  apiStatus: ApiStatus;
  checks: Check[];
  checkedAt: Date | null;
  capabilities: Capabilities;
  held: string | null;
}

export interface AppRecord {
  id: string;
  name: string;
  connector: Connector;
  visibleInPortal: boolean;
  entityId: string;
  acsUrls: string[];
  signInUrl: string | null;
  configuration: Configuration;
  settings: ProvisioningSettings;
  roles: Named[];
  waiting: { create: number; update: number; delete: number };
}

export interface NewApp {
  connector: Connector;
  name: string;
  entityId: string;
  acsUrls: string[];
  signInUrl: string | null;
  host: string | null;
  orgId: string | null;
  baseUrl: string;
}

export interface AppStore {
  apps(tenant: string, now: Date): Promise<AppSummary[]>;
  summary(tenant: string, id: string, now: Date): Promise<AppSummary | undefined>;
  app(tenant: string, id: string): Promise<AppRecord | undefined>;
  /** @throws Refusal `conflict` when the entity ID is there already */
  addApp(tenant: string, app: NewApp, cause: Cause, assignTo: string | undefined): Promise<string>;
  updateApp(
    tenant: string,
    id: string,
    changes: {
      name?: string | undefined;
      description?: string | null | undefined;
      visibleInPortal?: boolean | undefined;
    },
  ): Promise<boolean>;
  deleteApp(tenant: string, id: string): Promise<boolean>;
  /**
   * Writes the configuration. Where it stops being held or becomes enabled, everything that waited goes on; where it
   * becomes held, everything waits.
   */
  saveConfiguration(tenant: string, id: string, configuration: Configuration, cause: Cause): Promise<void>;
  /** `run` lets tasks go that wait for an approval no longer asked for. */
  saveSettings(
    tenant: string,
    id: string,
    settings: ProvisioningSettings,
    waiting: 'run' | 'keep',
    cause: Cause,
  ): Promise<boolean>;
  setAppRoles(tenant: string, id: string, roles: readonly string[], cause: Cause): Promise<boolean>;
  previewAppRoles(tenant: string, id: string, roles: readonly string[]): Promise<{ gained: number; lost: number }>;
}
