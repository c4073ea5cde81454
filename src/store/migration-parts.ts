// Which server a statement of a migration is for, when the control tables and the queue are on a server of their own. Pure.

/** What a server keeps: everything, or with two servers the control tables and the queue on one and the tenants on the other. */
export type Part = 'everything' | 'control' | 'tenants';

/**
 * Where a statement of a migration belongs. Every table is named with its schema, so the text says it; what both need
 * (the schema `control` itself and the list of migrations, which each server keeps for itself) belongs to both.
 * @throws when it would need both servers at once: the two share no transaction
 */
export function partOf(statement: string): Part {
  const onControl = /\bcontrol\.(?!migration\b)|\bpgboss\b/.test(statement);
  const onTenants = /\b(?:workspace|identity)\.\w|\bschema (?:workspace|identity)\b/.test(
    statement.replaceAll(/\bcontrol\.\w+/g, ''),
  );
  if (onControl && onTenants) throw new Error(`This statement needs both servers: ${statement}`);
  return onControl ? 'control' : onTenants ? 'tenants' : 'everything';
}

export function belongs(statement: string, part: Part): boolean {
  return part === 'everything' || [part, 'everything'].includes(partOf(statement));
}
