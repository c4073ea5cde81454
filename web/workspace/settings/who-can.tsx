/* Says who may do what this person may not: never hidden silently. Pure. */
import { sayRich } from '../words.ts';

const list = new Intl.ListFormat('en', { type: 'disjunction' });

export function WhoCan({ names }: { names: readonly string[] }) {
  return <p>{names.length === 0 ? sayRich('whoCan.nobody') : sayRich('whoCan', { names: list.format(names) })}</p>;
}
