// Finds Service ports whose target no selected pod has.

import type { Workload } from '../../inventory/index.ts';
import {
  asArray,
  asObject,
  asString,
  type Diagnostic,
  type Json,
  type JsonObject,
  type KubeObject,
  toText,
} from '../../model/index.ts';
import { objectCheck } from '../check.ts';

interface PodPort {
  readonly name: string | undefined;
  readonly number: Json | undefined;
  readonly protocol: string;
}

/** Ports of the containers that run while the pod serves. */
function portsOf({ containers }: Workload): PodPort[] {
  return containers
    .filter(({ role }) => role === 'container' || role === 'sidecar')
    .flatMap(({ raw }) => asArray(raw['ports']).map(asObject))
    .map((port) => ({ name: asString(port['name']), number: port['containerPort'], protocol: protocolOf(port) }));
}

function protocolOf(port: JsonObject): string {
  return asString(port['protocol']) ?? 'TCP';
}

function toLabel({ name, number, protocol }: PodPort): string {
  return `${name === undefined ? '' : `${name} `}${toText(number)}/${protocol}`;
}

function judgePort(service: KubeObject, index: number, workloads: readonly Workload[]): Diagnostic | undefined {
  const port = asObject(asArray(asObject(service.raw['spec'])['ports'])[index]);
  const target = port['targetPort'] ?? port['port'];
  const named = typeof target === 'string' && !/^[0-9]+$/.test(target);
  const declared = workloads.flatMap(portsOf);
  // Kubernetes finds a named port by name and protocol. Source: pkg/api/v1/pod, FindPort.
  const hit = declared.some(({ name, number, protocol }) =>
    named ? name === target && protocol === protocolOf(port) : number === Number(target),
  );
  // A number needs no declaration: it is only suspicious where other ports are declared.
  if (hit || (!named && declared.length === 0)) return undefined;
  const field = port['targetPort'] === undefined ? 'port' : 'targetPort';
  const names = workloads.map(({ object }) => object.name).join(', ');
  const message = named
    ? `Service "${service.name}" leads to the ${protocolOf(port)} port named "${target}", which no container of ${names} has: it gets no traffic`
    : `Service "${service.name}" leads to port ${toText(target)}, which is not among the declared ports of ${names}`;
  const evidence = `declared: ${declared.map(toLabel).join(', ') || 'none'}`;
  return { message, path: ['spec', 'ports', index, field], evidence, severity: named ? 'high' : 'medium' };
}

export const serviceTargetPortMissing = objectCheck(
  {
    id: 'service-target-port-missing',
    family: 'references',
    title: 'Services lead to a port that a pod has',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Set targetPort to the port that the container listens on.',
    minutes: 5,
  },
  {
    kinds: ['/Service'],
    applies: (object, { inventory }) => inventory.workloadsSelectedBy(object).length > 0,
    find: (service, { inventory }) => {
      const workloads = inventory.workloadsSelectedBy(service);
      return asArray(asObject(service.raw['spec'])['ports']).flatMap(
        (_, index) => judgePort(service, index, workloads) ?? [],
      );
    },
  },
);
