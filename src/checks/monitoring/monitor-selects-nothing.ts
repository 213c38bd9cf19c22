// Finds ServiceMonitors that select no Service of the input.

import { monitoredServices } from './scraping.ts';
import { objectCheck } from '../check.ts';

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
  },
);
