// Finds namespaces that the Velero objects and schedules of the input leave out.

import { ownObjects } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';
import { includesNamespace, isOwnSchedule, veleroObjects, veleroTemplate } from './backup-tools.ts';
import { asArray, type Edit, type KubeObject } from '../../model/index.ts';

function takeIn(object: KubeObject, namespace: string): Edit[] {
  const at = object.kind === 'Schedule' ? ['spec', 'template'] : ['spec'];
  const { includedNamespaces, excludedNamespaces } = veleroTemplate(object);
  const excluded = asArray(excludedNamespaces).indexOf(namespace);
  const include: Edit[] =
    asArray(includedNamespaces).length === 0 ||
    includesNamespace({ includedNamespaces: includedNamespaces ?? [] })(namespace)
      ? []
      : [{ op: 'add', path: [...at, 'includedNamespaces'], values: [namespace] }];
  if (excluded === -1) return include;
  return [...include, { op: 'remove', path: [...at, 'excludedNamespaces', excluded] }];
}

export const namespaceNotBackedUp = appCheck(
  {
    id: 'namespace-not-backed-up',
    family: 'backups',
    title: 'Backups include every namespace of the app',
    leg: 'backups',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the namespace to includedNamespaces, or remove it from excludedNamespaces.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => veleroObjects(inventory).length > 0 && inventory.workloads.length > 0,
    find: ({ inventory }) => {
      const objects = veleroObjects(inventory);
      const isOwn = ownObjects(inventory.snapshot);
      const own = inventory.workloads.filter(({ object }) => isOwn(object) && !isOwnSchedule(object));
      const namespaces = new Set(own.map(({ object }) => object.namespace));
      const selections = objects.map((object) => includesNamespace(veleroTemplate(object)));
      return [...namespaces]
        .filter((namespace) => !selections.some((includes) => includes(namespace)))
        .map((namespace) => ({
          ...(objects[0] === undefined ? {} : { object: objects[0] }),
          path: ['spec'],
          message: `no backup includes namespace "${namespace}", where workloads of the app run`,
          evidence: 'includedNamespaces and excludedNamespaces of every Velero object and schedule of the input',
        }));
    },
    fix: ({ object, message }) => {
      const namespace = /"([^"]+)"/.exec(message)?.[1];
      // A schedule of ours has rights that go with its namespaces: it is made again.
      const isOurs = object?.kind === 'CronJob';
      return object === undefined || namespace === undefined || isOurs ? undefined : takeIn(object, namespace);
    },
  },
);
