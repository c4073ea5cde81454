// How many generated cases a property is tried with: few in `npm test`, many with RELEASE=1.

export function runs(short: number): number {
  return process.env['RELEASE'] === '1' ? short * 50 : short;
}
