// Where the ports of a Service lead: which port of which workload's pods.

import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
import type { Workload } from '../workload.ts';

export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
}

export interface ServicePort {
  /** Port of the Service; of a headless one clients use the pods' own. */
  readonly port: number;
  readonly name?: string;
  readonly protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Port of the pods; `undefined` where it is named and the pods have no such name. */
  readonly targetOf: (workload: Workload) => number | undefined;
}

function protocolOf(value: unknown): 'TCP' | 'UDP' | 'SCTP' {
  return value === 'UDP' || value === 'SCTP' ? value : 'TCP';
}

/** Containers that run while the pod serves: their ports can be called, and found by name. */
function serves({ role }: PodContainer): boolean {
  return role === 'container' || role === 'sidecar';
}

/** Ports that the containers name. */
export function namedPorts({ containers }: Workload): NamedPort[] {
  return containers.filter(serves).flatMap(({ raw }) =>
    asArray(raw['ports']).flatMap((item) => {
      const { name, containerPort, protocol } = asObject(item);
      const port = asNumber(containerPort);
      const text = asString(name);
      return port === undefined || text === undefined ? [] : [{ name: text, port, protocol: protocolOf(protocol) }];
    }),
  );
}

function targetOf(
  workload: Workload,
  target: unknown,
  { port, protocol }: Pick<ServicePort, 'port' | 'protocol'>,
): number | undefined {
  if (target === undefined || target === null) return port;
  if (typeof target === 'number') return target === 0 ? port : target;
  const name = asString(target) ?? '';
  if (/^[0-9]+$/.test(name)) return Number(name);
  // Kubernetes finds a port by name and protocol, the first one wins. Source: pkg/api/v1/pod, FindPort.
  return namedPorts(workload).find((each) => each.name === name && each.protocol === protocol)?.port;
}

export function isHeadless({ raw }: KubeObject): boolean {
  return asObject(raw['spec'])['clusterIP'] === 'None';
}

export function servicePorts(service: KubeObject): ServicePort[] {
  return asArray(asObject(service.raw['spec'])['ports']).flatMap((item) => {
    const { port: rawPort, name: rawName, protocol: rawProtocol, targetPort } = asObject(item);
    const port = asNumber(rawPort);
    if (port === undefined) return [];
    const name = asString(rawName);
    const protocol = protocolOf(rawProtocol);
    const target = (workload: Workload): number | undefined => targetOf(workload, targetPort, { port, protocol });
    return [{ port, protocol, targetOf: target, ...(name === undefined ? {} : { name }) }];
  });
}
