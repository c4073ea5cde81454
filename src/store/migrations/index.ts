// Every migration, in order. A new one is a file and a line here; a released one never changes.

import type { Migration } from '../migrate.ts';
import { foundation } from './0001-foundation.ts';

export const migrations: readonly Migration[] = [foundation];
