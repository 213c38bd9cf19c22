// Finds long-running workloads whose metrics nobody collects.

import { runsForEver } from '../long-running.ts';
import { isScraped } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';

export const metricsNotScraped = workloadCheck(
  {
    id: 'metrics-not-scraped',
    family: 'monitoring',
    title: 'Metrics of every workload are collected',
    leg: 'monitoring',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Expose metrics and add a ServiceMonitor or PodMonitor that selects the workload.',
    minutes: 30,
  },
  {
    applies: runsForEver,
    find: (workload, { inventory }) => {
      if (isScraped(inventory, workload)) return undefined;
      return {
        message: `nobody collects metrics of "${workload.object.name}": errors and slowness are noticed by its users first`,
        path: [...workload.templatePath, 'metadata', 'annotations'],
        evidence: 'no scrape annotation, ServiceMonitor or PodMonitor of the input covers its pods',
      };
    },
  },
);
