// Finds settings that call a port of the own pod which none of its containers declares.

import type { Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Diagnostic } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { containerPorts } from '../workload-security/container-ports.ts';
import { minikubeMeta } from './minikube-meta.ts';

const callee = /(?:^|\/\/|@)(?:localhost|127\.0\.0\.1):(\d{2,5})(?!\d)/;
/** Names of settings that say where to listen, not whom to call. */
const listens = /LISTEN|BIND|^ASPNETCORE_URLS$/;

function findCalls(workload: Workload, declared: ReadonlySet<number>): Diagnostic[] {
  return workload.containers.flatMap(({ name: container, raw, path }) =>
    asArray(raw['env']).flatMap((item, index) => {
      const { name, value } = asObject(item);
      const variable = asString(name) ?? '';
      const port = callee.exec(asString(value) ?? '')?.[1];
      if (port === undefined || declared.has(Number(port)) || listens.test(variable)) return [];
      return {
        verdict: 'unknown' as const,
        message: `"${variable}" of container "${container}" calls port ${port} of its own pod, where nothing is declared: on a laptop that was another program`,
        path: [...path, 'env', index, 'value'],
        evidence: `would be settled by what listens on port ${port} of the pod; declared are ${[...declared].join(', ')}`,
        container,
      };
    }),
  );
}

export const localhostCall = workloadCheck(
  minikubeMeta({
    id: 'localhost-call',
    title: 'Calls to localhost meet a container of the same pod',
    severity: 'medium',
    remediation: 'Call the Service of the other program, or declare the port that listens in this pod.',
    minutes: 10,
    settledBy: 'what listens in the pod',
  }),
  {
    // A pod that declares no port at all tells nothing about what it listens on.
    applies: ({ containers }) => containers.some((container) => containerPorts(container).length > 0),
    find: (workload) => {
      const ports = workload.containers.flatMap(containerPorts).map(({ port }) => port);
      return findCalls(workload, new Set(ports));
    },
  },
);
