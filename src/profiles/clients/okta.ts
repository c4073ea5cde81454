// Okta, both kinds of app: made with the App Integration Wizard (PUT of users and groups) and from the catalogue (PATCH
// without a path, the id among the values). Pure.
// A PUT is our own answer with the changed attributes merged in, so what is absent is meant to be cleared; read-only
// keys come back with it. `password` is a placeholder and is kept nowhere.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { withNames } from '../rewrites/answer.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const okta: ClientProfile = {
  id: 'okta',
  name: 'Okta',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create' }),
  complete: withNames,
};
