// Pods of a drill on a network of their own: no network policy holds who shares that of the node, and the ports of the node are the original's.

import type { JsonObject } from '../../model/index.ts';
import { changeAt, changeEach, removeAt } from '../restore/edit-object.ts';
import { changePodSpec } from './pod-spec.ts';

const containers = ['containers', 'initContainers'];

function withoutHostPorts(spec: JsonObject): JsonObject {
  return containers.reduce(
    (each, list) =>
      changeAt(each, [list], (all) =>
        changeEach(all, (container) =>
          changeAt(container, ['ports'], (ports) => changeEach(ports, (port) => removeAt(port, ['hostPort']))),
        ),
      ),
    spec,
  );
}

/** Of a pod, or of what makes pods. */
export function leaveNodeNetwork(object: JsonObject): JsonObject {
  return changePodSpec(object, (spec) =>
    changeAt(removeAt(withoutHostPorts(spec), ['hostNetwork']), ['dnsPolicy'], (policy) =>
      policy === 'ClusterFirstWithHostNet' ? 'ClusterFirst' : policy,
    ),
  );
}
