/*
 * What `zod` means in the browser (an alias of the build): zod, told before any schema is made not to compile schemas by
 * `new Function`, which the CSP would refuse and report. Reach: zod's own settings.
 */
import { z } from 'zod/v4';

z.config({ jitless: true });

export { z };
