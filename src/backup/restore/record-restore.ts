// Leaves a record of a restore in the store, where Velero's own tools look for one.

import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { type Json, pushTo } from '../../model/index.ts';
import { renderGoJson } from '../archive/go-json.ts';
import { restoreRecordSchema } from '../inspect/read-restores.ts';
import { restoreKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import type { RestoredItem, RestoreReport } from './restore-wish.ts';

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

function logLine(time: string, level: string, message: string): string {
  return `time="${time.replace(/\.\d+Z$/, 'Z')}" level=${level} msg=${JSON.stringify(message)}\n`;
}

function itemLine(completed: string, { groupResource, namespace, name, result, message }: RestoredItem): string {
  const level = result === 'failed' ? 'error' : 'info';
  const told = `${groupResource} ${namespace}/${name}: ${result}${message === undefined ? '' : `, ${message}`}`;
  return logLine(completed, level, told);
}

/** Items whose lines are rendered at once: a text of all of them would be the largest thing in memory. */
const linesAtOnce = 500;

function* log({ items, started, completed, warnings }: RestoreReport): Generator<string> {
  yield logLine(started, 'info', 'starting restore');
  for (let at = 0; at < items.length; at += linesAtOnce)
    yield items
      .slice(at, at + linesAtOnce)
      .map((item) => itemLine(completed, item))
      .join('');
  for (const each of warnings) yield logLine(completed, 'warning', each);
}

async function compress(pieces: Iterable<string>): Promise<Buffer> {
  return await buffer(Readable.from(pieces).pipe(createGzip()));
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
  const put = async (key: string, pieces: Iterable<string>): Promise<void> => store.put(key, await compress(pieces));
  await put(keys.log, log(report));
  await put(keys.resourceList, [renderGoJson(resourceList(report.items))]);
  await put(keys.results, [renderGoJson(results(report))]);
  await store.put(keys.record, Buffer.from(JSON.stringify(recordOf(report, to))));
}
