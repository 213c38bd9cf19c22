// What a backup runs in pods: hooks, and programs that dump databases; shown to somebody who agrees.

import type { ApiClient } from '../../api/index.ts';
import {
  agreementTo,
  type CreateContext,
  type ForeseenDump,
  foreseeDump,
  type HookSpec,
  parseHookSpecs,
  planDumps,
  planHolds,
  planHooks,
  type BackupLook,
  type PodHooks,
} from '../../backup/index.ts';
import { type BackupWish } from './backup-wish.ts';

/** What a backup is about to run in pods. */
export interface PodCommands {
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
}

/** Shows the commands that are about to run in pods; throws where nobody agrees. */
export type AgreeToCommands = (commands: PodCommands) => Promise<void>;

function lookOf(client: ApiClient, { selection, cluster }: BackupWish): BackupLook {
  return { client, selection, concurrency: cluster.concurrency };
}

/** Hooks of the file, and those that hold databases still. */
async function specsOf(look: BackupLook, { hooks, holds }: BackupWish): Promise<readonly HookSpec[]> {
  const specs = parseHookSpecs(hooks, 'the backup');
  return holds === undefined ? specs : [...specs, ...(await planHolds(look, holds))];
}

/** What would run in pods. */
export async function foreseeCommands(client: ApiClient, wish: BackupWish): Promise<PodCommands> {
  const { runHooks, dumps } = wish;
  const look = lookOf(client, wish);
  return {
    hooks: runHooks === 'skip' ? [] : await planHooks(look, await specsOf(look, wish)),
    dumps: dumps.length === 0 ? [] : (await planDumps(look, dumps)).map(foreseeDump),
  };
}

/** What runs in pods; nothing where neither hooks nor dumps are wanted, or there are none. */
export async function commandsOf(
  client: ApiClient,
  wish: BackupWish,
  agree: AgreeToCommands,
): Promise<Pick<CreateContext, 'hooks' | 'dumps'>> {
  const { runHooks, dumps, agreed } = wish;
  const look = lookOf(client, wish);
  const specs = await specsOf(look, wish);
  const targets = dumps.length === 0 ? [] : await planDumps(look, dumps);
  const planned = runHooks === 'ask' ? await planHooks(look, specs) : [];
  const isNew = planned.length > 0 || (targets.length > 0 && !agreed);
  if (isNew) await agree({ hooks: planned, dumps: targets.map(foreseeDump) });
  const agrees = runHooks === 'run' ? () => true : agreementTo(planned);
  return { dumps: targets, ...(runHooks === 'skip' ? {} : { hooks: { specs, agrees } }) };
}
