// Set up before the tests of the project `frozen-prototypes` (vitest.config.ts): whoever would change a prototype throws,
// and so does whoever reaches for `__proto__`.

for (const each of [Object, Array, String, Number, Boolean, Function, Map, Set]) Object.freeze(each.prototype);

let isGone = false;
try {
  Reflect.get({}, '__proto__');
} catch {
  isGone = true;
}
if (!isGone) throw new Error('These tests must run with --disable-proto=throw.');
