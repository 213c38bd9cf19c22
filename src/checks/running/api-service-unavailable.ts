// Finds parts of the API that other programs should serve and do not.

import { findCondition, liveCheck, tellCondition } from './live-check.ts';

export const apiServiceUnavailable = liveCheck(
  {
    id: 'api-service-unavailable',
    family: 'running',
    title: 'All parts of the API are served',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Repair the program behind the APIService, or delete the APIService with it.',
    minutes: 30,
  },
  {
    kinds: ['apiregistration.k8s.io/APIService'],
    find: (object) => {
      const available = findCondition(object, 'Available');
      if (available === undefined || available.status === 'True') return undefined;
      return {
        message: `the API "${object.name}" is not served: requests for it fail, and namespaces cannot be deleted`,
        path: ['status', 'conditions'],
        evidence: tellCondition(available),
      };
    },
  },
);
