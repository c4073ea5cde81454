// OneLogin, the "SCIM Provisioner with SAML" connectors, v2 and v1.1. Pure.
// It PUTs the template its administrator wrote, whole and nothing else: what the template has no line for is absent and
// must stay as it is. Empty attributes come as "" or null and mean unassigned. Its manager ids are its own.
// It fails a user whose answer lacks name.givenName or name.familyName.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { withNames } from '../rewrites/answer.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const onelogin: ClientProfile = {
  id: 'onelogin',
  name: 'OneLogin',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'all', absentValuePath: 'create' }),
  complete: withNames,
};
