// Ways to run a container as somebody else than root.

import { parseImage } from '../../kube/images.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asString, type Edit } from '../../model/index.ts';
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

/** Asks for the number of a user to whom the image gives its files. */
export function askUser(container: PodContainer): Choice {
  return asking(
    {
      id: 'name-user',
      leavesOpen: ['uid-gid-low'],
      title: 'Run as a user of the image that is not root',
      consequence: 'files of the image and of volumes must be readable, and where it writes writable, for this user',
    },
    userNumber,
    (answer) => runAs(container, Number(answer)),
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
