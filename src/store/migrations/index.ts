// Every migration, in order. A new one is a file and a line here; a released one never changes.

import type { Migration } from '../migrate.ts';
import { foundation } from './0001-foundation.ts';
import { scim } from './0002-scim.ts';
import { directory } from './0003-directory.ts';
import { paging } from './0004-paging.ts';
import { resourceTypes } from './0005-resource-types.ts';
import { journal } from './0006-journal.ts';
import { pause } from './0007-pause.ts';

export const migrations: readonly Migration[] = [foundation, scim, directory, paging, resourceTypes, journal, pause];
