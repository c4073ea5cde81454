// JumpCloud, "Custom API Import" over SCIM 2.0. Pure.
// Activating it creates, changes and deletes a test user and a test group; groups are renamed without a path and lose
// members by a list of values.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { withNames } from '../rewrites/answer.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const jumpcloud: ClientProfile = {
  id: 'jumpcloud',
  name: 'JumpCloud',
  normalize: (request) => rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create' }),
  complete: withNames,
};
