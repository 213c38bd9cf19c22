// Finds Service ports whose target no selected pod has.

import { isHeadless, type Workload } from '../../inventory/index.ts';
import {
  valueAt,
  asArray,
  asObject,
  asString,
  type Diagnostic,
  type Json,
  type JsonObject,
  type KubeObject,
  toText,
  type Edit,
} from '../../model/index.ts';
import { objectCheck, type FixChoices } from '../check.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';

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

/** A number needs no declaration: it is only suspicious where other ports are declared, and says nothing where names lead to the pods themselves. */
function mayBeUndeclared(service: KubeObject, declared: readonly PodPort[]): boolean {
  return declared.length === 0 || isHeadless(service);
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
  if (hit || (!named && mayBeUndeclared(service, declared))) return undefined;
  const field = port['targetPort'] === undefined ? 'port' : 'targetPort';
  const names = workloads.map(({ object }) => object.name).join(', ');
  const message = named
    ? `Service "${service.name}" leads to the ${protocolOf(port)} port named "${target}", which no container of ${names} has: it gets no traffic`
    : `Service "${service.name}" leads to port ${toText(target)}, which is not among the declared ports of ${names}`;
  const evidence = `declared: ${declared.map(toLabel).join(', ') || 'none'}`;
  return { message, path: ['spec', 'ports', index, field], evidence, severity: named ? 'high' : 'medium' };
}

/** A number may be listened on without being declared: which of them is right only the author knows. */
function offerNumbers(ports: readonly PodPort[], set: (value: Json) => Edit): FixChoices | undefined {
  return offer(
    ...ports.flatMap(({ name, number }) =>
      number === undefined
        ? []
        : way(
            {
              id: `port-${toText(number)}`,
              title: `Lead to the declared port ${name ?? toText(number)}`,
              consequence: 'where the program does listen on the former port, callers reach another one from then on',
            },
            [set(name ?? number)],
          ),
    ),
  );
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
    fix: (service, { path = [] }, { inventory }) => {
      const at = path.slice(0, -1);
      const port = asObject(valueAt(service.raw, at));
      const workloads = inventory.workloadsSelectedBy(service);
      const fitting = workloads.flatMap(portsOf).filter(({ protocol }) => protocol === protocolOf(port));
      const target = port['targetPort'] ?? port['port'];
      const set = (value: Json): Edit => ({ op: 'set', path: [...at, 'targetPort'], value });
      if (typeof target !== 'string') return offerNumbers(fitting, set);
      const [only, other] = new Set(fitting.map(({ name, number }) => name ?? number ?? ''));
      // A name that nobody has leads nowhere today: it is the only port, or one that is a slip away.
      const names = fitting.flatMap(({ name }) => name ?? []);
      const value = other === undefined ? only : nearName(target, names);
      return value === undefined ? undefined : [set(value)];
    },
  },
);
