// Waiting for something that happens elsewhere (a queue, another process), without a clock in any assertion: the deadline
// only turns a hang into a failure with a name.

/** Looks every 20 ms until `holds`; gives up after 1,000 looks (20 s and more) with the last look's value. */
export async function until<T>(
  look: () => Promise<T> | T,
  holds: (value: T) => boolean = Boolean,
  looks = 1_000,
): Promise<T> {
  for (let left = looks; ; left -= 1) {
    const value = await look();
    if (holds(value)) return value;
    if (left === 0) throw new Error(`It did not come true; the last look saw ${JSON.stringify(value)}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
