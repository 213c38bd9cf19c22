// The use cases of looking into backups: what is in one, what became of one object, and what differs between two, or from a cluster.

import { createClient } from '../../api/index.ts';
import {
  type BackupDiff,
  compileObjectFilter,
  diffBackups,
  type FieldChange,
  findObjects,
  type FoundObject,
  maskSecret,
  type ObjectFilter,
  type ObjectHistory,
  type ObjectWish,
  openSavedObjects,
  readHistory,
  readObjects,
  visitBackup,
  visitLive,
} from '../../backup/index.ts';
import { withholdSecrets } from '../../checks/index.ts';
import type { Json, JsonObject } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { withStore } from './with-store.ts';

export interface BrowseWish {
  /** As the user names it: a folder or `s3://…`. */
  readonly store: string;
  readonly backup: string;
  readonly filter: ObjectFilter;
}

/** What is there, or where a text stands. Throws `UserError`. */
export function browseBackup({ store, backup, filter }: BrowseWish, text?: string): Promise<readonly FoundObject[]> {
  return withStore(store, async (opened) => {
    const taken = compileObjectFilter(filter);
    const found: FoundObject[] = [];
    for await (const each of findObjects(await openSavedObjects(opened, backup), taken, text)) found.push(each);
    return found;
  });
}

/** The objects one by one, values of Secrets hidden. How many there were. Throws `UserError`. */
export function showSavedObjects(
  { store, backup, filter }: BrowseWish,
  visit: (object: JsonObject) => Promise<void>,
): Promise<number> {
  return withStore(store, async (opened) => {
    const taken = compileObjectFilter(filter);
    let shown = 0;
    for await (const { object } of readObjects(await openSavedObjects(opened, backup), taken)) {
      await visit(maskSecret(object));
      shown += 1;
    }
    return shown;
  });
}

/** The name of a field as its last step says it: of `[name=PASSWORD]/value` the variable's. */
function nameOfField(path: string): string {
  const steps = path.split('/');
  const last = steps.at(-1) ?? '';
  return last === 'value' ? (/^\[name=(.*)\]$/.exec(steps.at(-2) ?? '')?.[1] ?? last) : last;
}

/** Settings hold passwords, too: what looks like one is not told. */
function withoutSecrets(change: FieldChange): FieldChange {
  const key = nameOfField(change.path);
  const told = (value: Json): Json => withholdSecrets(value, key);
  return {
    ...change,
    ...(change.before === undefined ? {} : { before: told(change.before) }),
    ...(change.after === undefined ? {} : { after: told(change.after) }),
  };
}

/** Throws `UserError` where no single object is meant, or the store cannot be read. */
export async function followObject(store: string, wish: ObjectWish): Promise<ObjectHistory> {
  const history = await withStore(store, (opened) => readHistory(opened, wish));
  const entries = history.entries.map((each) => ({ ...each, fields: each.fields.map(withoutSecrets) }));
  return { ...history, entries };
}

export interface DiffWish {
  readonly store: string;
  readonly before: string;
  /** Another backup of the store, or what a cluster has now. */
  readonly after: { readonly backup: string } | { readonly cluster: ClusterWish };
  readonly filter: ObjectFilter;
  readonly keepStatus: boolean;
  readonly all: boolean;
}

export interface DiffAnswer extends BackupDiff {
  readonly schema: 'nowwhat.dev/backup-diff/v1';
  readonly before: string;
  /** Name of a backup, or context of a cluster. */
  readonly after: string;
  readonly live: boolean;
  /** What could not be listed of the cluster: objects of it seem to be removed. */
  readonly problems: readonly string[];
}

/** Nothing is changed anywhere. Throws `UserError`. */
export function compareBackup(wish: DiffWish, outside: Outside): Promise<DiffAnswer> {
  return withStore(wish.store, async (store) => {
    const { after, all, keepStatus } = wish;
    const filter = compileObjectFilter(wish.filter);
    const before = await openSavedObjects(store, wish.before);
    const common = { before, filter, keepStatus, all };
    const answer = (diff: BackupDiff, name: string, problems: readonly string[]): DiffAnswer => ({
      schema: 'nowwhat.dev/backup-diff/v1',
      before: wish.before,
      after: name,
      live: 'cluster' in after,
      ...diff,
      differences: diff.differences.map((each) => ({ ...each, fields: each.fields.map(withoutSecrets) })),
      problems,
    });
    if ('backup' in after) {
      const other = await openSavedObjects(store, after.backup);
      return answer(await diffBackups({ ...common, after: (isSame) => visitBackup(other, isSame) }), after.backup, []);
    }
    const connection = await connectCluster(after.cluster, outside);
    const { concurrency } = after.cluster;
    const client = createClient(connection, { concurrency });
    const problems: string[] = [];
    const side = { client, concurrency, onProblem: ({ message }: { message: string }) => problems.push(message) };
    try {
      const diff = await diffBackups({ ...common, after: (isSame) => visitLive(before, side, isSame) });
      return answer(diff, connection.context, problems);
    } finally {
      await client.close();
    }
  });
}
