// The statements of one partition. Pure.

/** A partition of one of them, guarded like its parent. @param bounds as SQL has them */
export function partitionStatements(table: string, name: string, bounds: string): string[] {
  const partition = `workspace.${name}`;
  return [
    `create table ${partition} partition of workspace.${table} ${bounds}`,
    `alter table ${partition} enable row level security`,
    `create policy tenant_only on ${partition} using (tenant = current_setting('app.tenant')::uuid) with check (tenant = current_setting('app.tenant')::uuid)`,
    // Rows of some kilobytes stay where they are instead of being compressed and put beside.
    `alter table ${partition} set (toast_tuple_target = 8160)`,
  ];
}
