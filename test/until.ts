// Waiting for something that happens elsewhere (a queue, another process), without a clock in any assertion: the deadline
// only turns a hang into a failure with a name.

/** Looks every 20 ms until `holds`; gives up after 20 s with the last look's value. */
export async function until<T>(look: () => Promise<T> | T, holds: (value: T) => boolean = Boolean): Promise<T> {
  for (let left = 1_000; ; left -= 1) {
    const value = await look();
    if (holds(value)) return value;
    if (left === 0) throw new Error(`It did not come true; the last look saw ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
