// What `doctor` says of SCIM tokens that nobody has used for 90 days. Talks to: the store it is given.

import { isUnused } from '../service-provider/scim-setup.ts';
import type { WorkspaceStore } from '../service-provider/workspace.ts';

const mostNamed = 10;

/** Flagged and no failure: a token may be kept for a reason; `heed` says that a person should look. */
export async function unusedTokens(
  store: Pick<WorkspaceStore, 'workspaces' | 'tokens'>,
  now: Date,
): Promise<{ ok: true; heed: boolean; sentence: string }> {
  const unused: string[] = [];
  for (const { tenant, slug } of await store.workspaces()) {
    const tokens = await store.tokens(tenant);
    unused.push(...tokens.filter((token) => isUnused(token, now)).map(({ hint }) => `…${hint} of ${slug}`));
  }
  if (unused.length === 0) return { ok: true, heed: false, sentence: 'None is unused for 90 days.' };
  const more = unused.length > mostNamed ? ` and ${unused.length - mostNamed} more` : '';
  const named = `${unused.slice(0, mostNamed).join(', ')}${more}`;
  return { ok: true, heed: true, sentence: `Unused for 90 days: ${named}. Revoke what nothing needs.` };
}
