// Finds backends of Ingresses and routes that no Service of the input serves.

import type { Inventory, Reference } from '../../inventory/index.ts';
import { asArray, asObject, type KubeObject, toText } from '../../model/index.ts';
import { appCheck } from '../check.ts';

function servesPort(service: KubeObject, port: string | number): boolean {
  return asArray(asObject(service.raw['spec'])['ports']).some((item) => {
    const { name, port: number } = asObject(item);
    return number === port || name === port || toText(number) === port;
  });
}

function backends(inventory: Inventory): Reference[] {
  return inventory.references.filter(({ use, group, kind }) => use === 'backend' && group === '' && kind === 'Service');
}

function judgeBackend(inventory: Inventory, { namespace, name, port, group, kind }: Reference): string | undefined {
  const service = inventory.find({ group, kind, namespace, name });
  if (service === undefined) return `Service "${name}", which is not in the input`;
  // ExternalName Services forward whatever port is asked.
  if (port === undefined || asObject(service.raw['spec'])['type'] === 'ExternalName' || servesPort(service, port))
    return undefined;
  return `port ${port} of Service "${name}", which that Service does not have`;
}

export const routeBackendMissing = appCheck(
  {
    id: 'route-backend-missing',
    family: 'references',
    title: 'Routes lead to a Service and a port that exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Correct the name or port of the backend.',
    minutes: 10,
  },
  {
    applies: ({ inventory }) => backends(inventory).length > 0,
    find: ({ inventory }) =>
      backends(inventory).flatMap((reference) => {
        const problem = judgeBackend(inventory, reference);
        if (problem === undefined) return [];
        const { from: object, path, namespace } = reference;
        return [
          {
            object,
            path,
            message: `${object.kind} "${object.name}" leads to ${problem}: callers get an error page`,
            evidence: `looked up in namespace ${namespace}`,
          },
        ];
      }),
  },
);
