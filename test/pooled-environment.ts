// Before each test file behind poolers: a `rollcall serve` that it starts finds the same servers, by the environment.

import { inject } from 'vitest';

process.env['ROLLCALL_TEST_SERVERS'] = JSON.stringify(inject('database').servers);
