// Ways to run a container as somebody else than root.

import { parseImage } from '../../kube/images.ts';
import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type Edit, valueAt } from '../../model/index.ts';
import type { Choice } from '../check.ts';
import { asking, way } from '../fix.ts';
import { userNumber } from '../questions.ts';

function runAs({ path }: PodContainer, user: number): Edit[] {
  const context = [...path, 'securityContext'];
  return [
    { op: 'set', path: [...context, 'runAsNonRoot'], value: true },
    { op: 'set', path: [...context, 'runAsUser'], value: user },
  ];
}

/** Whether the container writes to a volume that a storage class makes: its files belong to root, unless the pod names a group. */
function writesToClaim({ raw }: PodContainer, { object, spec }: Workload): boolean {
  const claimed = asArray(spec['volumes'])
    .map(asObject)
    .filter((volume) => volume['persistentVolumeClaim'] !== undefined || volume['ephemeral'] !== undefined);
  const templates = asArray(valueAt(object.raw, ['spec', 'volumeClaimTemplates'])).map(asObject);
  const names = new Set([...claimed, ...templates.map(({ metadata }) => asObject(metadata))].map(({ name }) => name));
  const mounts = asArray(raw['volumeMounts']).map(asObject);
  return mounts.some(({ name, readOnly }) => names.has(name) && readOnly !== true);
}

/** The group that volumes are given to. Files that are there already are handed over once, not at every start. */
function ownVolumes({ spec, specPath }: Workload, group: number): Edit[] {
  const context = asObject(spec['securityContext']);
  if (context['fsGroup'] !== undefined) return [];
  const path = [...specPath, 'securityContext'];
  const policy: Edit = { op: 'set', path: [...path, 'fsGroupChangePolicy'], value: 'OnRootMismatch' };
  const isDecided = context['fsGroupChangePolicy'] !== undefined;
  return [{ op: 'set', path: [...path, 'fsGroup'], value: group }, ...(isDecided ? [] : [policy])];
}

/** Asks for the number of a user to whom the image gives its files. */
export function askUser(container: PodContainer, workload: Workload): Choice {
  const claims = writesToClaim(container, workload);
  return asking(
    {
      id: 'name-user',
      leavesOpen: ['uid-gid-low'],
      title: 'Run as a user of the image that is not root',
      consequence: claims
        ? 'files of the image must be readable for this user; its volumes are handed to the group of the same number (fsGroup), but for folders of a node, which stay as they are'
        : 'files of the image and of volumes must be readable, and where it writes writable, for this user',
    },
    userNumber,
    (answer) => [...runAs(container, Number(answer)), ...(claims ? ownVolumes(workload, Number(answer)) : [])],
  );
}

/** Users that images run as by themselves. Sources: the Dockerfiles of their projects, 2026-01. */
const ownUsers: ReadonlyMap<string, number> = new Map([
  ['docker.io/nginxinc/nginx-unprivileged', 101],
  ['docker.io/grafana/grafana', 472],
  ['docker.io/prom/prometheus', 65_534],
  ['quay.io/prometheus/prometheus', 65_534],
  ['docker.io/prom/alertmanager', 65_534],
  ['quay.io/prometheus/alertmanager', 65_534],
  ['docker.io/jenkins/jenkins', 1000],
  ['docker.elastic.co/elasticsearch/elasticsearch', 1000],
  ['docker.elastic.co/kibana/kibana', 1000],
  ['quay.io/keycloak/keycloak', 1000],
]);

/** The user that the image has anyway, where that is known. */
export function runAsImageDoes(container: PodContainer): Choice | undefined {
  const image = parseImage(asString(container.raw['image']) ?? '');
  const user = image.valid ? ownUsers.get(`${image.registry}/${image.repository}`) : undefined;
  if (user === undefined) return undefined;
  return way(
    {
      id: 'user-of-image',
      leavesOpen: ['uid-gid-low'],
      title: `Run as user ${user}, as the image does by itself`,
      consequence: 'nothing changes with the published image; one that was built upon it as root does not start',
    },
    runAs(container, user),
  );
}
