import { registeredTypes } from '../../src/scim/schema/registered.ts';
import { createMemoryStore } from './memory-store.ts';
import { describeResourceStore } from './store-contract.ts';

let count = 0;
function newId(): string {
  count += 1;
  return `0193a000-0000-7000-8000-${String(count).padStart(12, '0')}`;
}

describeResourceStore(async () => ({ store: createMemoryStore(registeredTypes), newId }));
