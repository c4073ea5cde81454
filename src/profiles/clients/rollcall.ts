// Our own identity provider: speaks the RFCs, so nothing is rewritten. Pure.
import type { ClientProfile } from '../../scim/handler/profile.ts';

export const rollcall: ClientProfile = {
  id: 'rollcall',
  name: 'Rollcall',
  normalize: ({ query, body }) => ({
    query,
    ...(body === undefined ? {} : { body }),
    keepAbsent: 'none',
    absentValuePath: 'refuse',
    rewrites: [],
  }),
};
