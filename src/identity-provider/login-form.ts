// The login somebody gets at an app, as a form: each attribute with its value and where it comes from, and the JSON that
// would be sent. Pure.

import { sentAttributes, toResource } from '../provisioning/attributes.ts';
import {
  type Capabilities,
  desiredUser,
  type OverridableField,
  overridableFields,
  type SourceUser,
} from '../provisioning/desired.ts';

function isOverridable(key: string): key is OverridableField {
  return (overridableFields as readonly string[]).includes(key);
}

export function loginForm(user: SourceUser, capabilities: Capabilities) {
  const desired = desiredUser(user, capabilities);
  const fields = sentAttributes
    .filter(({ key }) => desired[key] !== undefined || isOverridable(key))
    .map(({ key, label, source }) => {
      const overridden = isOverridable(key) && user.overrides[key] !== undefined;
      const from = overridden ? 'Typed for this app' : source;
      return {
        attribute: key,
        label,
        value: String(desired[key] ?? ''),
        from,
        overridden,
        editable: isOverridable(key),
      };
    });
  return { fields, preview: JSON.stringify(toResource(desired), null, 2) };
}

/** What was typed, kept to the fields that may be typed and to values that differ from the person's own. */
export function readOverrides(
  typed: Record<string, string>,
  user: SourceUser,
): Partial<Record<OverridableField, string>> {
  const kept = overridableFields
    .map((field) => [field, typed[field]?.trim() ?? ''] as const)
    .filter(([field, value]) => value !== '' && value !== user[field]);
  return Object.fromEntries(kept);
}

/** Every attribute that goes to an app, with an example. */
export function parametersOf(user: SourceUser | undefined, capabilities: Capabilities) {
  const example = user && desiredUser(user, capabilities);
  const takes = desiredUser(everything, capabilities);
  return sentAttributes
    .filter(({ key }) => takes[key] !== undefined)
    .map(({ key, label, source }) => {
      const value = example?.[key];
      return { attribute: key, label, source, provisioned: true, example: value === undefined ? null : String(value) };
    });
}

/** Somebody of whom everything is known: what is left out of this, the app does not take. */
const everything: SourceUser = {
  ...{ id: '-', userName: '-', displayName: '-', givenName: '-', familyName: '-', email: '-', title: '-' },
  ...{ department: '-', employeeType: '-', location: '-', startDate: '-', isSuspended: false },
  manager: { displayName: '-', email: '-', remoteId: '-' },
  overrides: {},
};
