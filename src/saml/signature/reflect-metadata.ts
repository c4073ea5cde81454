// Two functions of the metadata reflection proposal, answering "no metadata", for the decorators inside @peculiar/x509.
// They carry no design-time types and read none, so that answer is the whole truth; without the functions it does not
// load. Adds to the global Reflect, only where nothing is there yet. Must be imported before @peculiar/x509.

for (const name of ['getMetadata', 'getOwnMetadata']) {
  if (!(name in Reflect)) Object.defineProperty(Reflect, name, { value: () => undefined, configurable: true });
}
