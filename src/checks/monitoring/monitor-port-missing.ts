// Finds ServiceMonitors that name a port which no selected Service has.

import { asArray, asObject, asString, type KubeObject, valueAt } from '../../model/index.ts';
import { monitoredServices } from '../../inventory/index.ts';
import { objectCheck } from '../check.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';

function portNames(services: readonly KubeObject[]): Set<string> {
  return new Set(
    services.flatMap(({ raw }) =>
      asArray(asObject(raw['spec'])['ports']).flatMap((port) => asString(asObject(port)['name']) ?? []),
    ),
  );
}

export const monitorPortMissing = objectCheck(
  {
    id: 'monitor-port-missing',
    family: 'monitoring',
    title: 'Monitors name a port of the Service',
    leg: 'monitoring',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Use the name of a port of the Service in endpoints.port.',
    minutes: 5,
  },
  {
    kinds: ['monitoring.coreos.com/ServiceMonitor'],
    applies: (object, { inventory }) => monitoredServices(inventory, object).length > 0,
    find: (object, { inventory }) => {
      const names = portNames(monitoredServices(inventory, object));
      return asArray(asObject(object.raw['spec'])['endpoints']).flatMap((endpoint, index) => {
        const port = asString(asObject(endpoint)['port']);
        if (port === undefined || names.has(port)) return [];
        return {
          message: `monitor "${object.name}" collects from a port named "${port}", which its Service does not have: nothing is collected`,
          path: ['spec', 'endpoints', index, 'port'],
          evidence: `names of the Service's ports: ${[...names].join(', ') || 'none'}`,
        };
      });
    },
    fix: (object, { path = [] }, { inventory }) => {
      const names = portNames(monitoredServices(inventory, object));
      const written = asString(valueAt(object.raw, path)) ?? '';
      const [only] = names.size === 1 ? names : [nearName(written, names)];
      if (only !== undefined) return [{ op: 'set', path, value: only }];
      return offer(
        ...[...names].map((name) =>
          way(
            {
              id: `port-${name}`,
              title: `Collect from port ${name}`,
              consequence: 'where no metrics are served there, the target counts as down',
            },
            [{ op: 'set', path, value: name }],
          ),
        ),
      );
    },
  },
);
