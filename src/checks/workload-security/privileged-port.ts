// Finds containers that listen on a port which Linux keeps for root.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { capabilityEntries, dropsAll } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { containerPorts } from './container-ports.ts';
import { isKeptFromRoot, isLinux } from './security-context.ts';
import { offer, way } from '../fix.ts';

function firstFreePort({ spec }: Workload): number {
  const sysctls = asArray(asObject(spec['securityContext'])['sysctls']).map(asObject);
  const entry = sysctls.find(({ name }) => name === 'net.ipv4.ip_unprivileged_port_start');
  return entry === undefined ? 1024 : Number(entry['value']);
}

function consequenceFor(container: PodContainer, workload: Workload): string {
  return isKeptFromRoot(container, workload) && dropsAll(container)
    ? 'without root and capabilities it starts only where the runtime frees low ports'
    : 'it needs root or a capability for that, where the runtime does not free low ports';
}

export const privilegedPort = containerCheck(
  compromiseMeta({
    id: 'privileged-port',
    title: 'Containers listen on ports that anybody may open',
    severity: 'low',
    references: [],
    remediation: 'Listen on a port from 1024 up, such as 8080; the Service may keep port 80.',
    minutes: 15,
  }),
  {
    applies: (container, workload) =>
      isLinux(workload) && !capabilityEntries(container, 'add').some(({ name }) => name === 'NET_BIND_SERVICE'),
    find: (container, workload) =>
      containerPorts(container)
        .filter(({ port }) => port < firstFreePort(workload))
        .map(({ port, path }) => ({
          message: `container "${container.name}" listens on port ${port}: ${consequenceFor(container, workload)}`,
          path,
          evidence: `containerPort is ${port}, below ${firstFreePort(workload)}`,
        })),
    // Not on the network of the node, whose settings the pod cannot have.
    fix: (_container, _diagnostic, { spec, specPath }) =>
      spec['hostNetwork'] === true
        ? undefined
        : offer(
            way(
              {
                id: 'open-low-ports',
                title: 'Let every user of the pod listen on low ports',
                consequence:
                  'the program needs neither root nor a capability for its port, and keeps it; it is one of the kernel parameters that every cluster allows',
              },
              [
                {
                  op: 'add',
                  path: [...specPath, 'securityContext', 'sysctls'],
                  values: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: '0' }],
                },
              ],
            ),
          ),
  },
);
