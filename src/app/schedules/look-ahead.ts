// What a run of a schedule would do today, and which rights it needs for that.

import { discover, type ApiClient } from '../../api/index.ts';
import {
  type Access,
  accessOf,
  compileSelection,
  type ForeseenDump,
  foreseeDump,
  findPolicy,
  parseHookSpecs,
  planDumps,
  planHolds,
  planHooks,
  type PodHooks,
  readVolumes,
  type ResourcePolicies,
  resolveNames,
  type Selection,
  selectionOfSpec,
} from '../../backup/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { withPolicies } from '../resource-policies.ts';
import type { ScheduleOrder } from './schedule-order.ts';

export interface LookAhead {
  readonly access: Access;
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
  /** As `namespace/pod: volume`. */
  readonly volumes: readonly string[];
  readonly savesVolumes: boolean;
  readonly runsCommands: boolean;
}

export interface Looking extends Pick<ScheduleOrder, 'volumes' | 'hooks' | 'dumps' | 'holds'> {
  readonly policies?: ResourcePolicies | undefined;
  /** Of each backup. */
  readonly spec: JsonObject;
  readonly concurrency: number;
}

async function findVolumes(
  client: ApiClient,
  selection: Selection,
  { volumes, policies }: Looking,
): Promise<readonly string[]> {
  if (volumes === 'none') return [];
  const policy = policies && ((facts: Parameters<typeof findPolicy>[1]) => findPolicy(policies, facts));
  const { chosen } = await readVolumes(client, selection, { all: volumes === 'all', policy });
  return chosen.saved.map(({ namespace, pod, name }) => `${namespace}/${pod}: ${name}`);
}

/**
 * Rights follow from what is asked for and from what the pods ask for today. A pod that asks for more later makes backups with gaps, which are told, until the
 * schedule is made again. Throws `UserError`.
 */
export async function lookAhead(client: ApiClient, looking: Looking): Promise<LookAhead> {
  const { spec, concurrency, volumes, policies, hooks: wanted, dumps: named, holds } = looking;
  const selection = await withPolicies(client, selectionOfSpec(spec), policies);
  const look = { client, selection, concurrency };
  const discovery = await discover(client);
  const held = holds === undefined ? [] : await planHolds(look, holds);
  const specs = [...parseHookSpecs(spec['hooks'], 'the schedule'), ...held];
  const hooks = wanted === 'run' ? await planHooks(look, specs) : [];
  const dumps = named.length === 0 ? [] : (await planDumps(look, named)).map(foreseeDump);
  const found = await findVolumes(client, selection, looking);
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
