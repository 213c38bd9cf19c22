// The ports that a container says it listens on.

import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asNumber, asObject, asString, type Path } from '../../model/index.ts';

export interface ContainerPort {
  readonly port: number;
  readonly protocol: string;
  readonly path: Path;
}

export function containerPorts({ raw, path }: PodContainer): ContainerPort[] {
  return asArray(raw['ports']).flatMap((item, index) => {
    const entry = asObject(item);
    const port = asNumber(entry['containerPort']);
    if (port === undefined) return [];
    const protocol = asString(entry['protocol']) ?? 'TCP';
    return { port, protocol, path: [...path, 'ports', index, 'containerPort'] };
  });
}
