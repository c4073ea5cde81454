// CyberArk Identity (before: Idaptive, Centrify). Pure.
// Reads the discovery documents one by one and builds its mapping from them. A PUT carries what is mapped, and one that
// deactivates little else, so what is absent stays.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const cyberark: ClientProfile = {
  id: 'cyberark',
  name: 'CyberArk Identity',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'all', absentValuePath: 'create' }),
};
