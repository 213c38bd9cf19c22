// Finds ServiceMonitors that select no Service of the input.

import { monitoredServices } from '../../inventory/index.ts';
import { objectCheck } from '../check.ts';
import { asObject } from '../../model/index.ts';
import { nearLabels } from '../near-labels.ts';
import { readLabels } from '../../inventory/index.ts';

export const monitorSelectsNothing = objectCheck(
  {
    id: 'monitor-selects-nothing',
    family: 'monitoring',
    title: 'Monitors select a Service',
    leg: 'monitoring',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Correct selector and namespaceSelector so that they match the labels of the Service.',
    minutes: 5,
  },
  {
    kinds: ['monitoring.coreos.com/ServiceMonitor'],
    find: (object, { inventory }) => {
      if (monitoredServices(inventory, object).length > 0) return undefined;
      return {
        message: `monitor "${object.name}" selects no Service: nothing is collected, and nothing reports it`,
        path: ['spec', 'selector'],
        evidence: 'no Service of the input matches selector and namespaceSelector',
      };
    },
    fix: ({ raw, namespace }, { path = [] }, { inventory }) => {
      const { matchLabels, matchExpressions } = asObject(asObject(raw['spec'])['selector']);
      const services = inventory
        .ofKindIn('/Service', namespace)
        .map((service) => readLabels(asObject(service.raw['metadata'])['labels']));
      const value = matchExpressions === undefined ? nearLabels(readLabels(matchLabels), services) : undefined;
      return value === undefined ? undefined : [{ op: 'set', path: [...path, 'matchLabels'], value }];
    },
  },
);
