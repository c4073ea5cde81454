// Microsoft Entra ID, with and without the flag aadOptscim062020. Pure.
// Without it: ops with capitals, booleans as "True" and "False", members removed by a list of values. With it: values
// without a path, under dotted keys and keys with a URN. Either way value paths are expected to create what they do not
// find, a manager comes in five shapes, and an app role may be a JSON text.
import type { ClientProfile } from '../../scim/handler/profile.ts';
import { rewriteRequest } from '../rewrites/request.ts';

export const entra: ClientProfile = {
  id: 'entra',
  name: 'Microsoft Entra ID',
  normalize: (request) =>
    rewriteRequest(request, { keepAbsent: 'none', absentValuePath: 'create', jsonValues: ['roles'] }),
};
