// Any client nobody recognised: tolerant about shapes, strict about meaning. Pure.
// A PUT is what RFC 7644 section 3.5.1 says it is: what is absent is cleared.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const generic: ClientProfile = {
  id: 'generic',
  name: 'SCIM client',
  normalize: (request) =>
    rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create', jsonValues: ['roles'] }),
};
