// The invented company of the demo: 41 people on .example addresses, three levels of managers, four groups. Data.
// Columns: given name, family name, title, manager's address without domain, groups, department, employee type, location,
// start date.

export type DemoPerson = readonly [
  given: string,
  family: string,
  title: string,
  manager: string | null,
  groups: string,
  department: string,
  employeeType: string,
  location: string,
  startDate: string,
];

/** The administrator of both ends' demo. */
export const demoAdmin = 'dana.ruiz';

/** Who was in the workspace before anybody provisioned it, besides the administrator. */
export const demoHereBefore = ['omar.haddad', 'ada.byron', 'ben.ortiz'] as const;

export const demoPeople: readonly DemoPerson[] = [
  ['Ivo', 'Novak', 'Chief executive', null, 'Leads', 'Management', 'Permanent', 'Lisbon', '2017-02-01'],
  [
    'Ada',
    'Byron',
    'Head of engineering',
    'ivo.novak',
    'Leads,Platform',
    'Engineering',
    'Permanent',
    'London',
    '2018-09-03',
  ],
  ['Hana', 'Kim', 'Head of finance', 'ivo.novak', 'Leads', 'Finance', 'Permanent', 'Seoul', '2019-01-14'],
  [
    'Kai',
    'Brandt',
    'Head of customers',
    'ivo.novak',
    'Leads,Support',
    'Customers',
    'Permanent',
    'Berlin',
    '2018-05-02',
  ],
  ['Dana', 'Ruiz', 'Head of people and IT', 'ivo.novak', 'Leads,People', 'People', 'Permanent', 'Madrid', '2018-03-12'],
  ['Omar', 'Haddad', 'IT administrator', 'dana.ruiz', 'People', 'People', 'Permanent', 'Madrid', '2020-06-15'],
  ['Ben', 'Ortiz', 'Recruiter', 'dana.ruiz', 'People', 'People', 'Permanent', 'Madrid', '2021-04-06'],
  ['Noor', 'Aziz', 'People partner', 'dana.ruiz', 'People', 'People', 'Permanent', 'Rotterdam', '2022-02-07'],
  ['Pia', 'Lund', 'Office lead', 'dana.ruiz', 'People', 'People', 'Part-time', 'Oslo', '2019-11-18'],
  ['Rui', 'Costa', 'Trainer', 'noor.aziz', 'People', 'People', 'Contractor', 'Porto', '2024-01-08'],
  ['Chen', 'Wei', 'Platform lead', 'ada.byron', 'Platform', 'Engineering', 'Permanent', 'Singapore', '2019-07-22'],
  ['Gus', 'Meyer', 'Data lead', 'ada.byron', 'Platform', 'Engineering', 'Permanent', 'Hamburg', '2019-10-07'],
  ['Lea', 'Fontaine', 'Apps lead', 'ada.byron', 'Platform', 'Engineering', 'Permanent', 'Lyon', '2020-03-02'],
  ['Max', 'Olsen', 'Engineer', 'chen.wei', 'Platform', 'Engineering', 'Permanent', 'Oslo', '2021-08-16'],
  ['Yara', 'Santos', 'Engineer', 'chen.wei', 'Platform', 'Engineering', 'Permanent', 'Recife', '2022-05-09'],
  ['Tom', 'Baker', 'Engineer', 'chen.wei', 'Platform', 'Engineering', 'Contractor', 'Leeds', '2024-09-02'],
  [
    'Ines',
    'Marin',
    'Reliability engineer',
    'chen.wei',
    'Platform',
    'Engineering',
    'Permanent',
    'Valencia',
    '2023-01-16',
  ],
  ['Arjun', 'Mehta', 'Reliability engineer', 'chen.wei', 'Platform', 'Engineering', 'Permanent', 'Pune', '2023-06-05'],
  ['Sofia', 'Rossi', 'Data engineer', 'gus.meyer', 'Platform', 'Engineering', 'Permanent', 'Turin', '2021-02-01'],
  ['Jonas', 'Berg', 'Data analyst', 'gus.meyer', 'Platform', 'Engineering', 'Permanent', 'Malmö', '2022-11-14'],
  ['Mei', 'Tanaka', 'Data analyst', 'gus.meyer', 'Platform', 'Engineering', 'Intern', 'Osaka', '2026-07-01'],
  ['Eve', 'Sato', 'Designer', 'lea.fontaine', 'Platform', 'Engineering', 'Permanent', 'Kyoto', '2021-09-20'],
  ['Zoë', 'Peeters', 'Engineer', 'lea.fontaine', 'Platform', 'Engineering', 'Permanent', 'Ghent', '2023-03-13'],
  ['Luca', 'Moretti', 'Engineer', 'lea.fontaine', 'Platform', 'Engineering', 'Permanent', 'Milan', '2024-04-15'],
  ['Amina', 'Diallo', 'Engineer', 'lea.fontaine', 'Platform', 'Engineering', 'Contractor', 'Dakar', '2025-02-03'],
  ['Fay', 'Lindqvist', 'Counsel', 'hana.kim', 'Leads', 'Finance', 'Permanent', 'Stockholm', '2020-10-12'],
  ['Nils', 'Hansen', 'Controller', 'hana.kim', '', 'Finance', 'Permanent', 'Aarhus', '2021-05-03'],
  ['Olga', 'Petrova', 'Accountant', 'hana.kim', '', 'Finance', 'Permanent', 'Riga', '2022-08-29'],
  ['Sam', 'Okoro', 'Analyst', 'nils.hansen', '', 'Finance', 'Permanent', 'Lagos', '2023-10-02'],
  ['Vera', 'Kovac', 'Payroll specialist', 'nils.hansen', '', 'Finance', 'Part-time', 'Zagreb', '2024-06-17'],
  ['Joy', 'Adeyemi', 'Support lead', 'kai.brandt', 'Support', 'Customers', 'Permanent', 'Lagos', '2019-04-01'],
  ['Leo', 'Vogel', 'Sales lead', 'kai.brandt', '', 'Customers', 'Permanent', 'Vienna', '2020-01-13'],
  ['Mina', 'Farouk', 'Support engineer', 'joy.adeyemi', 'Support', 'Customers', 'Permanent', 'Cairo', '2021-11-08'],
  ['Paul', 'Girard', 'Support engineer', 'joy.adeyemi', 'Support', 'Customers', 'Permanent', 'Nantes', '2022-03-21'],
  ['Rosa', 'Jimenez', 'Support engineer', 'joy.adeyemi', 'Support', 'Customers', 'Permanent', 'Bogotá', '2023-08-14'],
  ['Tariq', 'Hussain', 'Support engineer', 'joy.adeyemi', 'Support', 'Customers', 'Contractor', 'Lahore', '2024-11-04'],
  ['Uma', 'Nair', 'Support engineer', 'joy.adeyemi', 'Support', 'Customers', 'Permanent', 'Kochi', '2025-05-12'],
  ['Wim', 'de Vries', 'Account manager', 'leo.vogel', '', 'Customers', 'Permanent', 'Utrecht', '2021-01-25'],
  ['Alba', 'Serra', 'Account manager', 'leo.vogel', '', 'Customers', 'Permanent', 'Girona', '2022-06-06'],
  ['Dilan', 'Yildiz', 'Account manager', 'leo.vogel', '', 'Customers', 'Permanent', 'Izmir', '2023-04-24'],
  ['Emil', 'Nowak', 'Account manager', 'leo.vogel', '', 'Customers', 'Intern', 'Gdańsk', '2026-09-01'],
];

/** Address without domain: lower case, without accents, blanks as hyphens. */
export function demoUserName([given, family]: DemoPerson): string {
  return `${given}.${family}`
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ł', 'l')
    .replaceAll(' ', '-')
    .toLowerCase();
}

export const demoDomain = 'acme.example';
