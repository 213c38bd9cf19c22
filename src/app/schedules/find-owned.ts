// The objects that a schedule is made of, as the cluster has them.

import { fencePolicyName, isOf, ownName, roleName, type ScheduleName, selectionOfSpec } from '../../backup/index.ts';
import { scheduledBackup, scheduledDrill } from '../../kube/backup-schedule.ts';
import { asObject, type JsonObject, type ObjectRef, UserError } from '../../model/index.ts';
import { type OpenCluster, readLive } from '../../targets/index.ts';

const rbac = 'rbac.authorization.k8s.io/v1';

/** Throws `not-a-schedule` for a CronJob of somebody else's. */
export function requireOurs(schedule: ScheduleName, cronJob: JsonObject): void {
  const isSchedule = (scheduledBackup(cronJob) ?? scheduledDrill(cronJob)) !== undefined;
  if (isOf(schedule, cronJob) && isSchedule) return;
  throw new UserError(
    'not-a-schedule',
    `the CronJob ${schedule.namespace}/${schedule.name} is there, and is no schedule of nowwhat`,
    'Choose another name; it is left as it is.',
  );
}

/** Namespaces that stand ready for drills. */
function fencesOf(cronJob: JsonObject): readonly string[] {
  return (scheduledDrill(cronJob)?.fences ?? []).map(([, to]) => to);
}

/** Namespaces whose names the backup says. */
function namespacesOf(cronJob: JsonObject): readonly string[] {
  const spec = asObject(scheduledBackup(cronJob)?.['spec']);
  return (selectionOfSpec(spec).includedNamespaces ?? []).filter((name) => /^[a-z0-9-]+$/.test(name));
}

/** Where its objects may be, in the order in which they can go: what runs first, then rights, then who had them. */
function placesOf(schedule: ScheduleName, cronJob: JsonObject): readonly ObjectRef[] {
  const { namespace } = schedule;
  const [own, role] = [ownName(schedule), roleName(schedule)];
  const ref = (apiVersion: string, kind: string, name: string, where = namespace): ObjectRef => ({
    apiVersion,
    kind,
    namespace: where,
    name,
  });
  const fences = fencesOf(cronJob);
  const spread = [...new Set([...namespacesOf(cronJob), ...fences, namespace])];
  return [
    ...spread.map((each) => ref(rbac, 'RoleBinding', role, each)),
    ref(rbac, 'ClusterRoleBinding', role, ''),
    ...spread.map((each) => ref(rbac, 'Role', role, each)),
    ref(rbac, 'ClusterRole', role, ''),
    ref('networking.k8s.io/v1', 'NetworkPolicy', own),
    ref('v1', 'Secret', own),
    ref('v1', 'ServiceAccount', own),
    ...fences.map((each) => ref('networking.k8s.io/v1', 'NetworkPolicy', fencePolicyName, each)),
    ...fences.map((each) => ref('v1', 'Namespace', each, '')),
  ];
}

/** All but the CronJob itself; only what bears the schedule's marks. */
export async function findOwned(
  cluster: OpenCluster,
  schedule: ScheduleName,
  cronJob: JsonObject,
): Promise<readonly JsonObject[]> {
  const found = await Promise.all(placesOf(schedule, cronJob).map((ref) => readLive(cluster, ref)));
  return found.filter((each) => each !== undefined).filter((each) => isOf(schedule, each));
}
