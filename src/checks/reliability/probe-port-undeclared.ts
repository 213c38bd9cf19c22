// Finds probes that ask a port the container does not declare.

import { asArray, asObject, type Diagnostic, toText, valueAt } from '../../model/index.ts';
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
    fix: ({ raw, path: at }, { path = [] }) => {
      const ports = asArray(raw['ports']).map(asObject);
      const [only] = ports;
      const asked = Number(valueAt(raw, path.slice(at.length)));
      if (Number.isInteger(asked)) return [{ op: 'add', path: [...at, 'ports'], values: [{ containerPort: asked }] }];
      // With several ports nobody but the author knows which one was meant.
      const value = only?.['name'] ?? only?.['containerPort'];
      return ports.length !== 1 || value === undefined ? undefined : [{ op: 'set', path, value }];
    },
  },
);
