// Ways to write a probe from what the container declares already: its other probe, its ports. Nothing is guessed about the program.

import { containerPorts } from '../workload-security/container-ports.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asNumber, asObject, type Json, type JsonObject, valueAt, toText } from '../../model/index.ts';
import type { Choice } from '../check.ts';
import { asking, way } from '../fix.ts';
import { numberOf } from '../questions.ts';

/** A port by its name where it has one: the name stays when the number changes. */
function firstPort(container: PodContainer): Json | undefined {
  const [first] = containerPorts(container).filter(({ protocol }) => protocol === 'TCP');
  if (first === undefined) return undefined;
  const index = first.path.at(-2) ?? 0;
  return asObject(valueAt(asArray(container.raw['ports']), [index]))['name'] ?? first.port;
}

/** Asks whether the port takes connections. */
export function askPort(container: PodContainer, consequence: string): Choice | undefined {
  const port = firstPort(container);
  if (port === undefined) return undefined;
  const words = { id: 'tcp-port', title: `Ask whether port ${toText(port)} takes connections`, consequence };
  return way(words, [{ op: 'set', path: [...container.path, 'readinessProbe'], value: { tcpSocket: { port } } }]);
}

/** Asks the same of a liveness probe, after more failures than take a pod out of service. */
export function askPortBeforeRestart(container: PodContainer, consequence: string): Choice | undefined {
  const port = firstPort(container);
  if (port === undefined) return undefined;
  return asking(
    {
      id: 'tcp-port',
      title: `Ask whether port ${toText(port)} takes connections, and restart after several failures`,
      consequence,
    },
    numberOf('failures in a row that mean a restart', 6, 4),
    (answer) => [
      {
        op: 'set',
        path: [...container.path, 'livenessProbe'],
        value: { tcpSocket: { port }, failureThreshold: Number(answer) },
      },
    ],
  );
}

/** The other probe, if it has anything to ask. */
export function otherProbe({ raw }: PodContainer, field: string): JsonObject | undefined {
  const probe = asObject(raw[field]);
  return Object.keys(probe).length === 0 ? undefined : probe;
}

/** Takes a pod out of service on the first bad answer to what its liveness probe asks, long before a restart. */
export function readyWhenAlive(container: PodContainer): Choice | undefined {
  const probe = otherProbe(container, 'livenessProbe');
  if (probe === undefined) return undefined;
  const { initialDelaySeconds: _, terminationGracePeriodSeconds: __, ...question } = probe;
  const words = {
    id: 'ask-as-liveness',
    title: 'Ask what the livenessProbe asks, and take the pod out of service on the first bad answer',
    consequence: 'a pod counts as ready as soon as it lives, even where it waits for what it needs',
  };
  return way(words, [
    { op: 'set', path: [...container.path, 'readinessProbe'], value: { ...question, failureThreshold: 1 } },
  ]);
}

/** Restarts on what the readiness probe asks, after more failures than take the pod out of service. */
export function aliveWhenReady(container: PodContainer): Choice | undefined {
  const probe = otherProbe(container, 'readinessProbe');
  if (probe === undefined) return undefined;
  const now = asNumber(probe['failureThreshold']) ?? 3;
  const { successThreshold: _, ...question } = probe;
  return asking(
    {
      id: 'ask-as-readiness',
      title: 'Ask what the readinessProbe asks, and restart only after more failures',
      consequence: 'where the question looks at a database or another program, an outage there restarts this one too',
    },
    numberOf('failures in a row that mean a restart', now * 3, now + 1),
    (answer) => [
      {
        op: 'set',
        path: [...container.path, 'livenessProbe'],
        value: { ...question, failureThreshold: Number(answer) },
      },
    ],
  );
}
