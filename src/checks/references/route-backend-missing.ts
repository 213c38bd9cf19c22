// Finds backends of Ingresses and routes that no Service of the input serves.

import type { Inventory, Reference } from '../../inventory/index.ts';
import {
  asArray,
  asObject,
  type KubeObject,
  toText,
  type Edit,
  type Json,
  type Path,
  isSameJson,
} from '../../model/index.ts';
import { appCheck } from '../check.ts';
import { nearName } from '../near-name.ts';

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

/** The number in the place of whatever names the port beside the name at `path`. */
function setPort(path: Path, port: Json): Edit[] {
  const holder = path.slice(0, -1);
  if (path.at(-1) === 'serviceName') return [{ op: 'set', path: [...holder, 'servicePort'], value: port }];
  if (holder.at(-1) === 'service') return [{ op: 'set', path: [...holder, 'port'], value: { number: port } }];
  return [{ op: 'set', path: [...holder, 'port'], value: port }];
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
    fix: ({ object, path = [] }, { inventory }) => {
      const reference = backends(inventory).find((each) => each.from === object && isSameJson(each.path, path));
      if (reference === undefined) return undefined;
      const service = inventory.find(reference);
      if (service === undefined) {
        const names = inventory.ofKindIn('/Service', reference.namespace).map(({ name }) => name);
        const near = nearName(reference.name, names);
        return near === undefined ? undefined : [{ op: 'set', path, value: near }];
      }
      const [only, other] = asArray(asObject(service.raw['spec'])['ports']).map((port) => asObject(port)['port']);
      // With several ports only the author knows which one was meant.
      return only === undefined || other !== undefined ? undefined : setPort(path, only);
    },
  },
);
