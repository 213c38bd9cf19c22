// What a container still needs once it has lost all capabilities.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, type Path } from '../../model/index.ts';
import type { Choice } from '../check.ts';
import { imageName } from '../data-stores.ts';
import { way } from '../fix.ts';
import { isKeptFromRoot } from './security-context.ts';

const changeUser = ['SETGID', 'SETUID'];
const ownFiles = ['CHOWN', 'DAC_OVERRIDE', 'FOWNER', ...changeUser];

/** Of well-known images that start as root and then become another user. Sources: their entrypoints, 2026-01. */
const needs: ReadonlyMap<string, readonly string[]> = new Map([
  ['nginx', ['CHOWN', 'NET_BIND_SERVICE', ...changeUser]],
  ['httpd', ['NET_BIND_SERVICE', ...changeUser]],
  ['wordpress', ['NET_BIND_SERVICE', ...ownFiles]],
  ...['postgres', 'mysql', 'mariadb', 'mongo', 'redis', 'valkey', 'rabbitmq'].map((name) => [name, ownFiles] as const),
]);

/** A process that is not root, and can gain nothing from files, has no capability to lose. */
export function hasNoneAnyway(container: PodContainer, workload: Workload): boolean {
  const context = asObject(container.raw['securityContext']);
  const isKept = isKeptFromRoot(container, workload) && context['allowPrivilegeEscalation'] === false;
  return isKept && asArray(asObject(context['capabilities'])['add']).length === 0;
}

/** Drops all and takes back what the image is known to need, where the container runs as root. */
export function dropAndKeep(container: PodContainer, workload: Workload, drop: Path): Choice | undefined {
  const kept = isKeptFromRoot(container, workload) ? undefined : needs.get(imageName(container));
  if (kept === undefined) return undefined;
  return way(
    {
      id: 'drop-and-keep',
      title: `Drop all, and take back what ${imageName(container)} needs: ${kept.join(', ')}`,
      consequence: 'the published image runs as before, and what else it was built with may be refused',
    },
    [
      { op: 'set', path: drop, value: ['ALL'] },
      { op: 'add', path: [...drop.slice(0, -1), 'add'], values: kept },
    ],
  );
}
