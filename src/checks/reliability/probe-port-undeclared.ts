// Finds probes that ask a port the container does not declare.

import { type Diagnostic, toText } from '../../model/index.ts';
import { declaredPorts, type ProbePort, probePortsOf } from './probe-ports.ts';
import { containerCheck } from '../check.ts';

function judgePort(
  container: string,
  { probe, port, path }: ProbePort,
  known: ReturnType<typeof declaredPorts>,
): Diagnostic[] {
  if (typeof port === 'string' && !/^[0-9]+$/.test(port)) {
    if (known.names.has(port)) return [];
    const message = `${probe} of container "${container}" asks the port named "${port}", which the container does not have: it fails always`;
    return [{ message, path, evidence: `no port of the container is named ${port}` }];
  }
  if (known.numbers.size === 0 || known.numbers.has(Number(port))) return [];
  const message = `${probe} of container "${container}" asks port ${Number(port)}, which is not among its declared ports`;
  return [{ message, path, severity: 'low', evidence: `declared: ${[...known.numbers].map(toText).join(', ')}` }];
}

export const probePortUndeclared = containerCheck(
  {
    id: 'probe-port-undeclared',
    family: 'reliability',
    title: 'Probes ask ports that the container declares',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: "Declare the port in the container's ports, or correct the probe.",
    minutes: 5,
  },
  {
    applies: (container) => probePortsOf(container).length > 0,
    find: (container) => {
      const known = declaredPorts(container);
      return probePortsOf(container).flatMap((port) => judgePort(container.name, port, known));
    },
  },
);
