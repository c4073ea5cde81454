// N06: the maps that outlive a call, each with the words by which its keys begin with the tenant, or why they need not.
// Data; tenants.test.ts finds the maps and compares.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: source text to look for.

export const longLived: Record<string, string> = {
  'http/event-stream.ts listeners': 'listeners.get(tenant)',
  'http/listen.ts idOf': 'no tenant: a request, for as long as it lasts',
  'http/scim/refusal-budget.ts windows': 'the key starts with the tenant',
  'http/scim/rate-limit.ts buckets': 'no tenant: the caller gives the key, which is tenant and token (admission.ts)',
  'identity-engine.ts jobs': '`${tenant} ${job}`',
  'identity-engine.ts relays': 'relays.get(tenant)',
  'identity-provider/test-budget.ts tests': '`${tenant} ${app}`',
  'identity-work.ts waiting': 'waiting.get(tenant)',
  'observability/metrics.ts known': 'no tenant: the first names of resource types, which are labels',
  'observability/scim-meter.ts waiting': 'no tenant: records of requests that are under way, by their id',
  'provisioning/engine/lanes.ts lanes': '`${tenant} ${app}`',
  'provisioning/engine/lanes.ts loops': 'no tenant: promises that are waited for',
  'scim/handler/mask.ts secretNames': 'no tenant: names of a set of schemas',
  'scim/schema/attribute.ts subAttributeIndex': 'no tenant: names of an attribute',
  'scim/schema/resource-type.ts indexes': 'no tenant: attributes of a resource type',
  'scim/schema/resource-type.ts schemas': 'no tenant: schemas by their URN',
  'service-provider/scim/sentence.ts ownTypes': 'no tenant: what follows from a name alone',
  'service-provider/scim/tail.ts shown': 'no tenant: ids that one command has printed',
  'store/flight.ts preparedOf': 'no tenant: the statements prepared on a connection',
  'store/mail-queue.ts under': 'no tenant: promises that are waited for',
  'store/scim/page-places.ts known': '`${tenant} ${type.name}`',
  'store/scim/page.ts preparedNames': 'no tenant: texts of statements, without values',
  'store/scim/scan-turns.ts lines': 'lines.get(tenant)',
  'store/gather.ts lines': 'lines.get(tenant)',
  'store/workspace/resource-types.ts known': 'no tenant: what follows from definitions alone, which are the key',
  'store/workspace/scim-access.ts found': 'no tenant: digests and slugs lead to one; what is found names it',
  'store/workspace/scim-access.ts written': '`${tenant} ${token}`',
};
