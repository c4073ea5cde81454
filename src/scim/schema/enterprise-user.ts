// The enterprise extension of User (RFC 7643 sections 4.3 and 8.7.1) as data. Pure.
// manager.value is not required: clients send managers that have not arrived, and empty ones.
import { attribute, type Schema } from './attribute.ts';

export const enterpriseUserSchema: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'What an enterprise knows about a user.',
  attributes: [
    attribute('employeeNumber', 'The number of the employee.'),
    attribute('costCenter', 'The cost center.'),
    attribute('organization', 'The organization.'),
    attribute('division', 'The division.'),
    attribute('department', 'The department.'),
    attribute('manager', 'The manager.', {
      storedAs: 'references',
      subAttributes: [
        attribute('value', 'The id of the manager; kept as sent until that user is here.', { caseExact: true }),
        attribute('$ref', 'The URI of the manager.', { type: 'reference', referenceTypes: ['User'], caseExact: true }),
        attribute('displayName', 'The name of the manager.', { mutability: 'readOnly' }),
      ],
    }),
  ],
};
