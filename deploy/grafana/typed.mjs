// Writes each dashboard as a constant of Grafana's type, for the TypeScript compiler to look at: node typed.mjs FOLDER FILE...
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const [folder, ...files] = process.argv.slice(2);
/** What Grafana's data source for Prometheus adds to an annotation. */
const OF_PROMETHEUS = ['expr', 'step', 'titleFormat', 'textFormat', 'tagKeys', 'useValueForTime'];

const TYPES = `
import type { Dashboard } from './node_modules/@grafana/schema/dist/types/raw/dashboard/x/types.gen';
import type * as Stat from './node_modules/@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen';
import type * as Lines from './node_modules/@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen';

/** A type as a file holds it, where a member of an enumeration is its text. */
type Json<T> = T extends string ? \`\${T}\`
  : T extends number | boolean | null | undefined ? T
  : T extends (infer E)[] ? Json<E>[]
  : T extends object ? { [K in keyof T]: Json<T[K]> } : T;
export type Board = Json<Dashboard>;
export type Options = { stat: Json<Stat.Options>, timeseries: Json<Lines.Options> };
export type Custom = { stat: Record<string, never>, timeseries: Json<Lines.FieldConfig> };
`;

function typed(file) {
  const dashboard = JSON.parse(readFileSync(file, 'utf8'));
  for (const annotation of dashboard.annotations.list) {
    for (const field of OF_PROMETHEUS) {
      if (!(field in annotation)) throw new Error(`${file}: annotation ${annotation.name} has no ${field}`);
      delete annotation[field];
    }
  }
  const parts = ["import type { Board, Custom, Options } from './types';", `export const dashboard: Board = ${JSON.stringify(dashboard, null, 1)};`];
  dashboard.panels.forEach((panel, i) => {
    if (panel.type === 'row') return;
    parts.push(`export const options${i}: Options['${panel.type}'] = ${JSON.stringify(panel.options)};`);
    parts.push(`export const custom${i}: Custom['${panel.type}'] = ${JSON.stringify(panel.fieldConfig.defaults.custom ?? {})};`);
  });
  return parts.join('\n');
}

writeFileSync(join(folder, 'types.ts'), TYPES);
for (const file of files) writeFileSync(join(folder, basename(file, '.json') + '.ts'), typed(file));
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
  compilerOptions: { noEmit: true, strict: true, skipLibCheck: true, module: 'esnext', moduleResolution: 'bundler', target: 'es2022', types: [] },
  files: ['types.ts', ...files.map(file => basename(file, '.json') + '.ts')],
}));
