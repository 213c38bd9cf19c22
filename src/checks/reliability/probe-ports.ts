// The ports that a container's probes and hooks ask, and the ports that it declares.

import { asArray, asObject, type Json, type Path } from '../../model/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';

export interface ProbePort {
  readonly probe: string;
  readonly port: Json;
  readonly path: Path;
}

const probes = ['readinessProbe', 'livenessProbe', 'startupProbe'];
const handlers = ['httpGet', 'tcpSocket', 'grpc'];

export function probePortsOf({ raw, path }: PodContainer): ProbePort[] {
  return probes.flatMap((probe) =>
    handlers.flatMap((handler) => {
      const { port } = asObject(asObject(raw[probe])[handler]);
      return port === undefined || port === null ? [] : [{ probe, port, path: [...path, probe, handler, 'port'] }];
    }),
  );
}

export function declaredPorts({ raw }: PodContainer): {
  readonly names: ReadonlySet<Json>;
  readonly numbers: ReadonlySet<Json>;
} {
  const ports = asArray(raw['ports']).map(asObject);
  return {
    names: new Set(ports.flatMap(({ name }) => (name === undefined ? [] : [name]))),
    numbers: new Set(ports.flatMap(({ containerPort }) => (containerPort === undefined ? [] : [containerPort]))),
  };
}
