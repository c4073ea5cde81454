/*
 * Tables: real headers, sorting only where a column says by what, selection only where asked for, actions at the row's end.
 * Reach: pure. Rows are sorted in the browser, so a column of a paged list must not offer it.
 */
import { Checkbox } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react';
import {
  type ColumnDef,
  createSortedRowModel,
  type Header,
  type Row,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { type ReactNode, useMemo } from 'react';
import { say } from '../words/words.ts';
import css from './table.module.css';

export interface TableColumn<R> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: R) => ReactNode;
  /** The value to sort by; without it the column cannot be sorted. */
  readonly sortBy?: (row: R) => string | number;
  readonly align?: 'end';
  /** Left out under 720 px. */
  readonly wide?: boolean;
  /** This column names its row (th scope=row). */
  readonly names?: boolean;
}

interface TableSelection<R> {
  readonly ids: ReadonlySet<string>;
  readonly onChange: (ids: ReadonlySet<string>) => void;
  readonly nameOf: (row: R) => string;
}

export interface DataTableProps<R extends object> {
  /** Names the table for screen readers. */
  label: string;
  columns: readonly TableColumn<R>[];
  rows: readonly R[];
  rowId: (row: R) => string;
  selection?: TableSelection<R>;
  /** Buttons of one row, each named after it. */
  actions?: (row: R) => ReactNode;
}

const features = tableFeatures({ rowSortingFeature, sortedRowModel: createSortedRowModel(), sortFns });
type Features = typeof features;

function toColumnDef<R extends object>(column: TableColumn<R>): ColumnDef<Features, R> {
  const { sortBy } = column;
  if (sortBy === undefined) return { id: column.id, header: column.header, enableSorting: false };
  return { id: column.id, header: column.header, accessorFn: sortBy, sortFn: 'alphanumeric' };
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;

function HeadCell<R extends object>({ header, column }: { header: Header<Features, R>; column: TableColumn<R> }) {
  const sorted = header.column.getIsSorted();
  const Icon = sorted === 'asc' ? IconArrowUp : sorted === 'desc' ? IconArrowDown : IconArrowsSort;
  return (
    <th
      scope="col"
      data-align={column.align}
      data-wide={column.wide}
      aria-sort={sorted === false ? undefined : ARIA_SORT[sorted]}
    >
      {header.column.getCanSort() ? (
        <button type="button" className={css['sort']} onClick={header.column.getToggleSortingHandler()}>
          {column.header}
          <Icon size={14} aria-label={say('table.sort', { column: column.header })} />
        </button>
      ) : (
        column.header
      )}
    </th>
  );
}

function SelectCell<R>({ id, name, selection }: { id: string; name: string; selection: TableSelection<R> }) {
  const toggle = (checked: boolean) => {
    const next = new Set(selection.ids);
    if (checked) next.add(id);
    else next.delete(id);
    selection.onChange(next);
  };
  return (
    <td className={css['select']}>
      <Checkbox
        aria-label={say('table.select', { name })}
        checked={selection.ids.has(id)}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
    </td>
  );
}

function SelectAll<R>({ ids, selection }: { ids: readonly string[]; selection: TableSelection<R> }) {
  const chosen = ids.filter((id) => selection.ids.has(id)).length;
  const toggle = (checked: boolean) => {
    const others = [...selection.ids].filter((id) => !ids.includes(id));
    selection.onChange(new Set(checked ? [...others, ...ids] : others));
  };
  return (
    <th scope="col" className={css['select']}>
      <Checkbox
        aria-label={say('table.selectAll')}
        checked={chosen > 0 && chosen === ids.length}
        indeterminate={chosen > 0 && chosen < ids.length}
        onChange={(event) => toggle(event.currentTarget.checked)}
      />
    </th>
  );
}

function BodyRow<R extends object>({ row, table }: { row: Row<Features, R>; table: DataTableProps<R> }) {
  const { selection, actions, columns } = table;
  const selected = selection?.ids.has(row.id) ?? false;
  return (
    <tr data-selected={selected ? '' : undefined}>
      {selection === undefined ? null : (
        <SelectCell id={row.id} name={selection.nameOf(row.original)} selection={selection} />
      )}
      {columns.map((column) =>
        column.names === true ? (
          <th key={column.id} scope="row">
            {column.cell(row.original)}
          </th>
        ) : (
          <td key={column.id} data-align={column.align} data-wide={column.wide}>
            {column.cell(row.original)}
          </td>
        ),
      )}
      {actions === undefined ? null : <td className={css['actions']}>{actions(row.original)}</td>}
    </tr>
  );
}

export function DataTable<R extends object>(props: DataTableProps<R>) {
  const { label, columns, rows, rowId, selection, actions } = props;
  const defs = useMemo(() => columns.map((column) => toColumnDef(column)), [columns]);
  const data = useMemo(() => [...rows], [rows]);
  const table = useTable({ features, columns: defs, data, getRowId: rowId });
  const shown = table.getRowModel().rows;
  return (
    <div className={css['frame']}>
      <table className={css['table']} aria-label={label}>
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {selection === undefined ? null : <SelectAll ids={shown.map((row) => row.id)} selection={selection} />}
              {group.headers.map((header, index) => {
                const column = columns[index];
                return column === undefined ? null : <HeadCell key={header.id} header={header} column={column} />;
              })}
              {actions === undefined ? null : (
                <td className={css['actions']}>
                  <span className={css['unseen']}>{say('table.actions')}</span>
                </td>
              )}
            </tr>
          ))}
        </thead>
        <tbody>
          {shown.map((row) => (
            <BodyRow key={row.id} row={row} table={props} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
