// Google Workspace auto-provisioning: users only. Pure.
// Names a SCIM 1.0 schema beside the registered one, sends a Content-Type even on GET, and lists everybody to see whether
// the connection works.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const google: ClientProfile = {
  id: 'google',
  name: 'Google Workspace',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create' }),
};
