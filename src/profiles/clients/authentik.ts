// authentik, SCIM provider. Pure.
// Reads /ServiceProviderConfig before each run; looks somebody up only after a 409, in older releases with a value that has
// no quotes; replaces a group by its whole object without a path. Members are compared and changed one by one afterwards,
// so a PUT that does not carry them must not take everybody's access away in between.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const authentik: ClientProfile = {
  id: 'authentik',
  name: 'authentik',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'references', absentValuePath: 'create' }),
};
