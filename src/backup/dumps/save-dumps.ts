// The dumps of a backup: one after the other, each a key of its own, and a list of them.

import type { ApiClient } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import type { SealedWriter } from '../create/sealed-writer.ts';
import type { BackupKeys } from '../layout/keys.ts';
import { dumpKey } from '../layout/keys.ts';
import { type DumpRecord, renderDumpIndex } from './dump-index.ts';
import type { DumpTarget } from './find-databases.ts';
import { writeDump } from './write-dump.ts';

export interface DumpSaving {
  readonly client: ApiClient;
  readonly writer: SealedWriter;
  readonly keys: BackupKeys;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly progress: (text: string) => void;
  readonly onProblem: (problem: CollectProblem) => void;
  readonly log: (message: string, fields: Readonly<Record<string, string | number>>) => void;
  /** Milliseconds that a dump may print nothing. */
  readonly patience?: number;
}

/** A dump may wait for locks of others before it begins. */
const usualPatience = 15 * 60_000;

function isOfStore(error: UserError): boolean {
  return error.code.startsWith('store-');
}

async function saveOne(target: DumpTarget, number: number, saving: DumpSaving): Promise<DumpRecord | undefined> {
  const { client, writer, keys, now, progress, onProblem, log, patience = usualPatience } = saving;
  const { namespace, pod, container, recipe } = target;
  const key = dumpKey(keys, number, recipe.extension);
  const place = `${namespace}/${pod}/${container}`;
  const started = new Date(now()).toISOString();
  try {
    const { bytes, sha256 } = await writeDump(target, {
      client,
      patience,
      upload: (body) => writer.upload(key, body),
      onBytes: (count) => progress(`dumping ${place}: ${Math.round(count / 1024)} KiB`),
    });
    log(`dumped ${recipe.title}`, { namespace, pod, container, bytes });
    const file = key.slice(key.lastIndexOf('/') + 1);
    const completed = new Date(now()).toISOString();
    return { namespace, pod, container, recipe: recipe.name, file, bytes, sha256, started, completed };
  } catch (error) {
    if (!(error instanceof UserError) || isOfStore(error)) throw error;
    const message = `no dump of ${recipe.title} in pod "${pod}", container ${container}: ${error.message}`;
    onProblem({ severity: 'error', namespace, message });
    return undefined;
  }
}

/** A database that cannot be dumped is a problem of the backup; only a store that fails ends it. */
export async function saveDumps(targets: readonly DumpTarget[], saving: DumpSaving): Promise<readonly DumpRecord[]> {
  const records: DumpRecord[] = [];
  for (const [index, target] of targets.entries()) {
    const record = await saveOne(target, index + 1, saving);
    if (record !== undefined) records.push(record);
  }
  await saving.writer.put(saving.keys.dumps, Buffer.from(renderDumpIndex(records)));
  return records;
}
