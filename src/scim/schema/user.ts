// The User schema (RFC 7643 sections 4.1 and 8.7.1) as data. Pure.
// `groups` is derived from the members of groups and so readOnly; `password` is taken and kept nowhere.
import { attribute, plural, type Schema } from './attribute.ts';

export const userSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'A person with an account.',
  attributes: [
    attribute('userName', 'The unique name of the user at this service provider.', {
      required: true,
      uniqueness: 'server',
    }),
    attribute('name', 'The parts of the name.', {
      subAttributes: [
        attribute('formatted', 'The full name as it is shown.'),
        attribute('familyName', 'The family name.'),
        attribute('givenName', 'The given name.'),
        attribute('middleName', 'The middle names.'),
        attribute('honorificPrefix', 'Titles in front of the name.'),
        attribute('honorificSuffix', 'What follows the name.'),
      ],
    }),
    attribute('displayName', 'The name shown to others.', { indexed: true }),
    attribute('nickName', 'The casual name.'),
    attribute('profileUrl', 'An address that shows the profile.', {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
    attribute('title', 'The job title.'),
    attribute('userType', 'The relation to the organization, such as Employee or Contractor.'),
    attribute('preferredLanguage', 'The preferred written or spoken language.'),
    attribute('locale', 'The locale for dates, numbers and currency.'),
    attribute('timezone', 'The time zone, by its name in the IANA database.'),
    attribute('active', 'Whether the user may sign in.', { type: 'boolean' }),
    attribute('password', 'Accepted and kept nowhere.', {
      mutability: 'writeOnly',
      returned: 'never',
      caseExact: true,
    }),
    plural('emails', 'E-mail addresses.', ['work', 'home', 'other'], { indexed: true }),
    plural('phoneNumbers', 'Telephone numbers.', ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
    plural('ims', 'Instant messaging addresses.', ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo']),
    plural('photos', 'Addresses of pictures.', ['photo', 'thumbnail'], {
      type: 'reference',
      referenceTypes: ['external'],
      caseExact: true,
    }),
    attribute('addresses', 'Postal addresses.', {
      multiValued: true,
      subAttributes: [
        attribute('formatted', 'The whole address as it is shown.'),
        attribute('streetAddress', 'Street, number, apartment.'),
        attribute('locality', 'City.'),
        attribute('region', 'State or region.'),
        attribute('postalCode', 'Postal code.'),
        attribute('country', 'Country, as two letters of ISO 3166-1.'),
        attribute('type', 'What the address is used for.', { canonicalValues: ['work', 'home', 'other'] }),
        attribute('primary', 'True on at most one value: the preferred one.', { type: 'boolean' }),
      ],
    }),
    attribute('groups', 'The groups the user belongs to; changed through the groups.', {
      multiValued: true,
      mutability: 'readOnly',
      inverseOf: 'members',
      subAttributes: [
        attribute('value', 'The id of the group.', { mutability: 'readOnly', caseExact: true }),
        attribute('$ref', 'The URI of the group.', {
          type: 'reference',
          referenceTypes: ['Group'],
          mutability: 'readOnly',
          caseExact: true,
        }),
        attribute('display', 'The name of the group.', { mutability: 'readOnly' }),
        attribute('type', 'How the user belongs to it.', {
          mutability: 'readOnly',
          canonicalValues: ['direct', 'indirect'],
        }),
      ],
    }),
    plural('entitlements', 'What the user has been granted.', []),
    plural('roles', 'Roles of the user.', []),
    plural('x509Certificates', 'Certificates of the user.', [], { type: 'binary', caseExact: true }),
  ],
};
