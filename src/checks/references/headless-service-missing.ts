// Finds StatefulSets whose pods get no names of their own.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { objectCheck } from '../check.ts';

function problemOf(object: KubeObject, { inventory }: CheckContext): string | undefined {
  const name = asString(asObject(object.raw['spec'])['serviceName']) ?? '';
  if (name === '') return 'names no Service';
  const service = inventory.find({ group: '', kind: 'Service', namespace: object.namespace, name });
  if (service === undefined) return `names Service "${name}", which is not in the input`;
  if (asObject(service.raw['spec'])['clusterIP'] !== 'None') return `names Service "${name}", which is not headless`;
  const selected = inventory.workloadsSelectedBy(service).some((workload) => workload.object === object);
  return selected ? undefined : `names Service "${name}", which does not select its pods`;
}

export const headlessServiceMissing = objectCheck(
  {
    id: 'headless-service-missing',
    family: 'references',
    title: 'StatefulSets have their headless Service',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add a Service with clusterIP: None that selects the pods, and name it in serviceName.',
    minutes: 10,
  },
  {
    kinds: ['apps/StatefulSet'],
    find: (object, context) => {
      const problem = problemOf(object, context);
      if (problem === undefined) return undefined;
      return {
        message: `StatefulSet "${object.name}" ${problem}: its pods have no stable DNS names`,
        path: ['spec', 'serviceName'],
        evidence: 'serviceName compared with the Services of the namespace',
      };
    },
  },
);
