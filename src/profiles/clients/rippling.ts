// Rippling, user management by SCIM 2.0. Pure.
// Driven by the life of an employment: people come days before they start. Its bodies are not published; it is met with
// the common tolerance, and a PUT means what RFC 7644 section 3.5.1 says.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { withNames } from '../rewrites/answer.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const rippling: ClientProfile = {
  id: 'rippling',
  name: 'Rippling',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create' }),
  complete: withNames,
};
