/* I4.3: which attributes the app is told, where each comes from, and what it would be for whoever looks. Pure. */
import { DataTable, type TableColumn } from '../../ui/index.ts';
import { say as sayCommon } from '../words.ts';
import type { AppDetail } from './app-page.tsx';
import { say } from './words.ts';

type Parameter = AppDetail['parameters'][number];

const COLUMNS: readonly TableColumn<Parameter>[] = [
  { id: 'attribute', header: say('parameters.attribute'), names: true, cell: ({ label }) => label },
  { id: 'source', header: say('parameters.source'), cell: ({ source }) => source },
  {
    id: 'example',
    header: say('parameters.example'),
    wide: true,
    cell: ({ example }) => (example === null ? sayCommon('none') : <code>{example}</code>),
  },
];

export function ParametersTab({ detail: { parameters } }: { detail: AppDetail }) {
  return (
    <DataTable label={say('tab.parameters')} columns={COLUMNS} rows={parameters} rowId={({ attribute }) => attribute} />
  );
}
