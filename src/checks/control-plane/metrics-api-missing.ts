// Finds autoscalers in a cluster that measures nothing.

import { findMonitoring, type Inventory } from '../../inventory/index.ts';
import { asArray, asObject, type KubeObject } from '../../model/index.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';

/** Only these kinds of metrics come from the metrics API; a v1 autoscaler knows no other. */
function needsMetricsApi({ version, raw }: KubeObject): boolean {
  if (version === 'v1') return true;
  const metrics = asArray(asObject(raw['spec'])['metrics']).map((metric) => asObject(metric)['type']);
  return metrics.length === 0 || metrics.some((type) => type === 'Resource' || type === 'ContainerResource');
}

function dependants(inventory: Inventory): KubeObject[] {
  return inventory.ofKind('autoscaling/HorizontalPodAutoscaler').filter(needsMetricsApi);
}

export const metricsApiMissing = clusterCheck(
  {
    id: 'metrics-api-missing',
    family: 'control-plane',
    title: 'Autoscalers get their numbers',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'Kubernetes', id: 'Resource metrics pipeline' }],
    remediation: 'Install metrics-server, or repair it.',
    minutes: 15,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether the target cluster measures what the autoscalers look at cannot be seen in files',
    applies: ({ inventory }) => dependants(inventory).length > 0,
    find: (view, { inventory }) => {
      const { served, available, evidence } = findMonitoring(view).metricsApi;
      if (served === true && available !== false) return undefined;
      if (served === 'unknown') return notSeen('whether autoscalers get their numbers is not known', evidence);
      return dependants(inventory).map((object) => ({
        object,
        path: ['spec'],
        message: `autoscaler "${object.name}" never scales: the cluster does not measure pods`,
        evidence: served === true ? `${evidence} is not available` : evidence,
      }));
    },
  },
);
