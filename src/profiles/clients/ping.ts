// PingOne and PingFederate, SCIM outbound. Pure.
// Looks people up by `username Eq "..."`; PUTs the attributes it has a mapping for and cannot clear one, so what is absent
// stays. Two e-mail attributes of which one is empty arrive as two primary values. Groups are found by reading them all.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { withTypesAndPrimaries } from '../rewrites/answer.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const ping: ClientProfile = {
  id: 'ping',
  name: 'Ping Identity',
  normalize: (request) =>
    rewriteRequest(request, { keepAbsent: 'all', absentValuePath: 'create', defaultType: 'work' }),
  complete: withTypesAndPrimaries,
};
