// One of the processes that add members at the same time; see members.ts.

import { addAll } from './members.ts';
import type { Target } from './scim.ts';

process.once('message', (message) => {
  const { target, group, members } = message as { target: Target; group: string; members: string[] };
  void addAll(target, group, members).then((refused) => process.send?.(refused));
});
