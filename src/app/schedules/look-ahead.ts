// What a run of a schedule would do today, and which rights it needs for that.

import { discover, type ApiClient } from '../../api/index.ts';
import {
  type Access,
  accessOf,
  compileSelection,
  type DumpTarget,
  parseHookSpecs,
  planDumps,
  planHooks,
  type PodHooks,
  readVolumes,
  resolveNames,
  selectionOfSpec,
} from '../../backup/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ScheduleOrder } from './schedule-order.ts';

export interface LookAhead {
  readonly access: Access;
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly DumpTarget[];
  /** As `namespace/pod: volume`. */
  readonly volumes: readonly string[];
  readonly savesVolumes: boolean;
  readonly runsCommands: boolean;
}

export interface Looking extends Pick<ScheduleOrder, 'volumes' | 'hooks' | 'dumps'> {
  /** Of each backup. */
  readonly spec: JsonObject;
  readonly concurrency: number;
}

async function findVolumes(client: ApiClient, { spec, volumes }: Looking): Promise<readonly string[]> {
  if (volumes === 'none') return [];
  const { chosen } = await readVolumes(client, selectionOfSpec(spec), { all: volumes === 'all' });
  return chosen.saved.map(({ namespace, pod, name }) => `${namespace}/${pod}: ${name}`);
}

/**
 * Rights follow from what is asked for and from what the pods ask for today. A pod that asks for more later makes backups with gaps, which are told, until the
 * schedule is made again. Throws `UserError`.
 */
export async function lookAhead(client: ApiClient, looking: Looking): Promise<LookAhead> {
  const { spec, concurrency, volumes, hooks: wanted, dumps: named } = looking;
  const selection = selectionOfSpec(spec);
  const look = { client, selection, concurrency };
  const discovery = await discover(client);
  const specs = parseHookSpecs(spec['hooks'], 'the schedule');
  const hooks = wanted === 'run' ? await planHooks(look, specs) : [];
  const dumps = named.length === 0 ? [] : await planDumps(look, named);
  const found = await findVolumes(client, looking);
  const savesVolumes = volumes === 'all' || found.length > 0;
  const runsCommands = hooks.length > 0 || named.length > 0 || (wanted === 'run' && specs.length > 0);
  const access = accessOf({
    discovery,
    selection: compileSelection(resolveNames(selection, discovery)),
    savesVolumes,
    looksForVolumes: volumes !== 'none',
    runsCommands,
  });
  return { access, hooks, dumps, volumes: found, savesVolumes, runsCommands };
}
