// What a run of a schedule would do today, and which rights it needs for that.

import { discover, type ApiClient } from '../../api/index.ts';
import {
  type Access,
  type AccessNeeds,
  accessOf,
  type CollectProblem,
  compileSelection,
  type ForeseenDump,
  foreseeDump,
  parseHookSpecs,
  planDumps,
  planHolds,
  planHooks,
  type PodHooks,
  type ResourcePolicies,
  resolveNames,
  type Selection,
  selectionOfSpec,
} from '../../backup/index.ts';
import { foreseeVolumes, type VolumeChoice } from '../backups/backup-volumes.ts';
import { type JsonObject, UserError } from '../../model/index.ts';
import { withPolicies } from '../backups/resource-policies.ts';
import type { ScheduleOrder } from './schedule-order.ts';

export interface LookAhead {
  readonly access: Access;
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
  /** As `namespace/pod: volume`. */
  readonly volumes: readonly string[];
  /** Claims of which a snapshot is taken, as `namespace/claim`. */
  readonly snapshots: readonly string[];
  readonly savesVolumes: boolean;
  readonly takesSnapshots: boolean;
  readonly runsCommands: boolean;
}

export interface Looking extends VolumeChoice, Pick<ScheduleOrder, 'hooks' | 'dumps' | 'holds'> {
  /** Older backups go. */
  readonly deletesBackups: boolean;
  readonly policies?: ResourcePolicies | undefined;
  /** Of each backup. */
  readonly spec: JsonObject;
  readonly concurrency: number;
}

async function findVolumes(
  client: ApiClient,
  selection: Selection,
  looking: Looking,
): Promise<Pick<LookAhead, 'volumes' | 'snapshots'>> {
  const { policies } = looking;
  const { volumes: planned, problems } = await foreseeVolumes({ client, selection, policies, wish: looking });
  requireSight(problems);
  return {
    volumes: planned.flatMap(({ method, namespace, pod, name }) =>
      method === 'files' && pod !== undefined && name !== undefined ? [`${namespace}/${pod}: ${name}`] : [],
    ),
    snapshots: planned.flatMap(({ method, namespace, claim }) =>
      method === 'snapshot' && claim !== undefined ? [`${namespace}/${claim}`] : [],
    ),
  };
}

/** The rights of the runs follow from what is seen: what is not would be missing in every backup. */
function requireSight([problem]: readonly CollectProblem[]): void {
  if (problem === undefined) return;
  const code = problem.missingRule === undefined ? 'cluster-failed' : 'cluster-forbidden';
  const advice = 'Ask a cluster administrator for this right, or schedule backups of objects alone with --no-volumes.';
  throw new UserError(code, problem.message, advice);
}

function snapshotNeeds({ volumes, snapshots }: Looking, takesSnapshots: boolean): AccessNeeds['snapshots'] {
  if (volumes === 'none' || snapshots === 'no') return 'none';
  return takesSnapshots ? 'taken' : 'looked for';
}

function dataNeeds(
  { volumes, snapshots, movesData: moves }: Looking,
  found: Pick<LookAhead, 'volumes' | 'snapshots'>,
): { readonly savesVolumes: boolean; readonly takesSnapshots: boolean; readonly movesData: boolean } {
  const takesSnapshots = volumes !== 'none' && (snapshots === 'asked' || found.snapshots.length > 0);
  const movesData = takesSnapshots && moves;
  return { savesVolumes: volumes === 'all' || found.volumes.length > 0 || movesData, takesSnapshots, movesData };
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
  const { savesVolumes, takesSnapshots, movesData } = dataNeeds(looking, found);
  const runsCommands = hooks.length > 0 || named.length > 0 || (wanted === 'run' && specs.length > 0);
  const access = accessOf({
    discovery,
    selection: compileSelection(resolveNames(selection, discovery)),
    savesVolumes,
    looksForVolumes: volumes !== 'none',
    runsCommands,
    snapshots: snapshotNeeds(looking, takesSnapshots),
    movesData,
    deletesBackups: looking.deletesBackups,
  });
  return { access, hooks, dumps, ...found, savesVolumes, takesSnapshots, runsCommands };
}
