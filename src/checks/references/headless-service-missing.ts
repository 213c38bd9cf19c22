// Finds StatefulSets whose pods get no names of their own.

import { asObject, asString, type KubeObject, type JsonObject, asArray, toText } from '../../model/index.ts';
import type { CheckContext, FixChoices } from '../check.ts';
import { objectCheck } from '../check.ts';
import type { Workload } from '../../inventory/index.ts';
import { offer, way } from '../fix.ts';
import { podLabelsToSelect } from '../pod-selection.ts';

function problemOf(object: KubeObject, { inventory }: CheckContext): string | undefined {
  const name = asString(asObject(object.raw['spec'])['serviceName']) ?? '';
  if (name === '') return 'names no Service';
  const service = inventory.find({ group: '', kind: 'Service', namespace: object.namespace, name });
  if (service === undefined) return `names Service "${name}", which is not in the input`;
  if (asObject(service.raw['spec'])['clusterIP'] !== 'None') return `names Service "${name}", which is not headless`;
  const selected = inventory.workloadsSelectedBy(service).some((workload) => workload.object === object);
  return selected ? undefined : `names Service "${name}", which does not select its pods`;
}

/** With the declared ports, each under a name: a Service with several must name them. */
function headlessService(name: string, selector: JsonObject, { containers }: Workload): JsonObject {
  const declared = containers.flatMap((container) => asArray(container.raw['ports']).map(asObject));
  const ports = declared.flatMap(({ name: port, containerPort, protocol }) =>
    containerPort === undefined
      ? []
      : {
          name: port ?? `port-${toText(containerPort)}`,
          port: containerPort,
          ...(protocol === undefined ? {} : { protocol }),
        },
  );
  const spec = { clusterIP: 'None', selector, ...(ports.length === 0 ? {} : { ports }) };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

/** Callers of a headless Service reach the pods themselves: its ports must be theirs. */
function hasOwnPorts({ raw }: KubeObject): boolean {
  const { type = 'ClusterIP', ports } = asObject(raw['spec']);
  const isSame = ({ port, targetPort = port }: JsonObject): boolean => targetPort === port;
  return type === 'ClusterIP' && asArray(ports).map(asObject).every(isSame);
}

function makeHeadless(service: KubeObject): FixChoices | undefined {
  if (!hasOwnPorts(service)) return undefined;
  const words = {
    id: 'make-headless',
    title: `Make Service "${service.name}" headless`,
    consequence:
      'its name leads to the pods themselves; one that the cluster has already must be made anew: its address cannot be taken away',
  };
  const edits = [{ op: 'set' as const, path: ['spec', 'clusterIP'], value: 'None' }];
  return offer(way(words, { others: [{ object: service, edits }] }));
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
    hides: ['readiness-probe-missing'],
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
    fix: (object, _diagnostic, { inventory }) => {
      const workload = inventory.workloadOf(object);
      const selector = workload === undefined ? undefined : podLabelsToSelect(workload);
      const named = asString(asObject(object.raw['spec'])['serviceName']) ?? '';
      const name = named === '' ? object.name : named;
      const service = inventory.find({ group: '', kind: 'Service', namespace: object.namespace, name });
      if (workload === undefined || selector === undefined) return undefined;
      if (service !== undefined) {
        const selects = inventory.workloadsSelectedBy(service).some((each) => each.object === object);
        return named !== '' && selects ? makeHeadless(service) : undefined;
      }
      const create = [{ raw: headlessService(name, selector, workload), beside: object }];
      if (named !== '') return { create };
      return offer(
        way(
          {
            id: 'name-service',
            title: `Give the pods names under a headless Service "${name}"`,
            consequence:
              'a StatefulSet that the cluster has already must be made anew: the name of its Service cannot be changed',
          },
          { edits: [{ op: 'set', path: ['spec', 'serviceName'], value: name }], create },
        ),
      );
    },
  },
);
