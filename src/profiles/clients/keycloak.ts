// Keycloak with one of its SCIM client extensions. Pure.
// E-mails have neither type nor primary, `active` is the text "false" in a PATCH, `$ref` is relative, and a group loses all
// its members by a remove without a value. A PUT is whole.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const keycloak: ClientProfile = {
  id: 'keycloak',
  name: 'Keycloak',
  normalize: (request) =>
    rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create', defaultType: 'work' }),
};
