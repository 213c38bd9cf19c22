// Finds port names or numbers that stand twice in one pod.

import { asArray, asObject, asString, type Diagnostic, toText, isSameJson, valueAt } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';

/** One line per declared port: what it is called, what it listens on, where it stands. */
function portsOf({ containers }: Workload): { name?: string; listen: string; path: readonly (string | number)[] }[] {
  return containers
    .filter(({ role }) => role === 'container' || role === 'sidecar')
    .flatMap(({ raw, path }) =>
      asArray(raw['ports']).map((item, index) => {
        const port = asObject(item);
        const name = asString(port['name']);
        const listen = `${asString(port['protocol']) ?? 'TCP'} ${toText(port['containerPort'])}`;
        return { ...(name === undefined ? {} : { name }), listen, path: [...path, 'ports', index] };
      }),
    );
}

export const portClash = workloadCheck(
  {
    id: 'port-clash',
    family: 'reliability',
    title: 'Ports of a pod have unique names and numbers',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Give each port its own name and number.',
    minutes: 5,
  },
  {
    applies: (workload) => portsOf(workload).length > 1,
    find: (workload) => {
      const names = new Set<string>();
      const listens = new Set<string>();
      return portsOf(workload).flatMap(({ name, listen, path }): Diagnostic[] => {
        const clash =
          name !== undefined && names.has(name)
            ? `the port name "${name}"`
            : listens.has(listen)
              ? `port ${listen}`
              : undefined;
        if (name !== undefined) names.add(name);
        listens.add(listen);
        if (clash === undefined) return [];
        return [
          {
            message: `${clash} stands twice in the pods of "${workload.object.name}": only one of them can be meant`,
            path,
            evidence: 'compared over all containers of the pod',
          },
        ];
      });
    },
    fix: (workload, { path = [] }) => {
      const { raw } = workload.object;
      const index = Number(path.at(-1));
      const ports = asArray(valueAt(raw, path.slice(0, -1)));
      // The same line twice in one container says nothing more than once.
      const isRepeated = ports.slice(0, index).some((port) => isSameJson(port, ports[index]));
      return isRepeated ? [{ op: 'remove', path }] : undefined;
    },
  },
);
