// C24: the protocol engine under a prototype that cannot change and without `__proto__`: see vitest.config.ts.
Object.freeze(Object.prototype);
