// Leaves a record of a restore in the store, where Velero's own tools look for one.

import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { type Json, pushTo } from '../../model/index.ts';
import { renderGoJson } from '../archive/go-json.ts';
import { restoreRecordSchema } from '../inspect/read-restores.ts';
import { restoreKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import type { RestoredItem, RestoreReport } from './restore-wish.ts';

const compress = promisify(gzip);

/** Velero's words; of what was removed it has none. */
const words: Readonly<Record<Exclude<RestoredItem['result'], 'pruned'>, string>> = {
  created: 'created',
  recreated: 'created',
  updated: 'updated',
  unchanged: 'skipped',
  differs: 'skipped',
  skipped: 'skipped',
  failed: 'failed',
};

function resourceList(items: readonly RestoredItem[]): Json {
  const byKind = new Map<string, string[]>();
  for (const { version, kind, namespace, name, result } of items)
    if (result !== 'pruned')
      pushTo(byKind, `${version}/${kind}`, `${namespace === '' ? '' : `${namespace}/`}${name}(${words[result]})`);
  const rows = [...byKind].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(rows.map(([kind, names]) => [kind, names.toSorted()]));
}

function results({ items, warnings }: RestoreReport): Json {
  const part = (wanted: RestoredItem['result'], cluster: readonly string[]) => {
    const namespaces = new Map<string, string[]>();
    for (const { result, namespace, groupResource, name, message = '' } of items)
      if (result === wanted) pushTo(namespaces, namespace, `${groupResource} ${name}: ${message}`);
    const own = [...cluster, ...(namespaces.get('') ?? [])];
    namespaces.delete('');
    return { velero: [], cluster: own, namespaces: Object.fromEntries(namespaces) };
  };
  return { errors: part('failed', []), warnings: part('differs', warnings) };
}

function log({ items, started, completed, warnings }: RestoreReport): string {
  const line = (time: string, level: string, message: string): string =>
    `time="${time.replace(/\.\d+Z$/, 'Z')}" level=${level} msg=${JSON.stringify(message)}\n`;
  const told = items.map(({ groupResource, namespace, name, result, message }) =>
    line(
      completed,
      result === 'failed' ? 'error' : 'info',
      `${groupResource} ${namespace}/${name}: ${result}${message === undefined ? '' : `, ${message}`}`,
    ),
  );
  return [
    line(started, 'info', 'starting restore'),
    ...told,
    ...warnings.map((each) => line(completed, 'warning', each)),
  ].join('');
}

/** Where a restore went, which its report does not say. */
export interface RestoredTo {
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
  readonly namespaceMappings: ReadonlyMap<string, string>;
}

/** What `readRestores` finds again. */
function recordOf(report: RestoreReport, { context, server, namespaceMappings }: RestoredTo): Json {
  const { name, backup, phase, started, completed, counts, hooks, volumes } = report;
  return {
    schema: restoreRecordSchema,
    name,
    backup,
    phase,
    started,
    completed,
    context,
    server,
    namespaceMappings: Object.fromEntries(namespaceMappings),
    counts,
    hooks: hooks.length,
    volumes: volumes.length,
  };
}

export async function recordRestore(store: Store, report: RestoreReport, to: RestoredTo): Promise<void> {
  const keys = restoreKeys(store.prefix, report.name);
  const put = async (key: string, text: string): Promise<void> => store.put(key, await compress(text));
  await put(keys.log, log(report));
  await put(keys.resourceList, renderGoJson(resourceList(report.items)));
  await put(keys.results, renderGoJson(results(report)));
  await store.put(keys.record, Buffer.from(JSON.stringify(recordOf(report, to))));
}
