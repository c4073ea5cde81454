// How many generated cases a property is tried with: few in `npm test`, many with RELEASE=1, and no more than it takes to
// notice a mutant with MUTATION=1.

export function runs(short: number): number {
  if (process.env['RELEASE'] === '1') return short * 50;
  return process.env['MUTATION'] === '1' ? Math.min(short, 40) : short;
}
