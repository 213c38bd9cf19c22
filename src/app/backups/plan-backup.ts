// What a backup would take and do, without doing it: the cluster is read, and nothing is written anywhere.

import {
  type CountedObjects,
  countObjects,
  type ForeseenDump,
  type PlannedVolume,
  type PodHooks,
} from '../../backup/index.ts';
import { foreseeVolumes } from './backup-volumes.ts';
import { type BackupWish } from './backup-wish.ts';
import { withBackupSource } from './backups.ts';
import type { Outside } from '../outside.ts';
import { foreseeCommands } from './pod-commands.ts';

export interface BackupPlan extends CountedObjects {
  readonly name: string;
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
  readonly volumes: readonly PlannedVolume[];
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
}

/** Throws `UserError`. */
export function planBackup(wish: BackupWish, outside: Outside, now: number): Promise<BackupPlan> {
  return withBackupSource(wish, outside, now, async (source) => {
    const { client, connection, policies, wish: whole } = source;
    const { selection, name, cluster } = whole;
    const counted = await countObjects({ client, selection, concurrency: cluster.concurrency });
    const { volumes, problems } = await foreseeVolumes({ client, selection, policies, wish: whole });
    const commands = await foreseeCommands(client, whole);
    const { context, server } = connection;
    return { name, context, server, ...counted, problems: [...counted.problems, ...problems], volumes, ...commands };
  });
}
