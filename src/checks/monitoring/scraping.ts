// Who collects a workload's metrics, as far as the input shows: annotations or monitor objects.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { readLabels } from '../../inventory/index.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';

/** Kinds that tell a collector which Services to scrape, and those that tell it which pods. */
export const serviceMonitorKinds = [
  'monitoring.coreos.com/ServiceMonitor',
  'operator.victoriametrics.com/VMServiceScrape',
];
const podMonitorKinds = [
  'monitoring.coreos.com/PodMonitor',
  'monitoring.googleapis.com/PodMonitoring',
  'operator.victoriametrics.com/VMPodScrape',
];

function watchedNamespaces(monitor: KubeObject): 'all' | readonly string[] {
  const selector = asObject(asObject(monitor.raw['spec'])['namespaceSelector']);
  if (selector['any'] === true) return 'all';
  const names = asArray(selector['matchNames']).flatMap((name) => asString(name) ?? []);
  return names.length > 0 ? names : [monitor.namespace];
}

function selects(monitor: KubeObject, namespace: string, labels: Readonly<Record<string, string>>): boolean {
  const namespaces = watchedNamespaces(monitor);
  if (namespaces !== 'all' && !namespaces.includes(namespace)) return false;
  return compileSelector(asObject(asObject(monitor.raw['spec'])['selector'])).matches(labels);
}

/** Services of the input that a ServiceMonitor selects. */
export function monitoredServices(inventory: Inventory, monitor: KubeObject): KubeObject[] {
  return inventory
    .ofKind('/Service')
    .filter((service) => selects(monitor, service.namespace, readLabels(asObject(service.raw['metadata'])['labels'])));
}

function hasScrapeAnnotation(annotations: Readonly<Record<string, string>>): boolean {
  return Object.entries(annotations).some(
    ([key, value]) =>
      (/^prometheus\.io\/scrape$/.test(key) && value === 'true') ||
      key.startsWith('ad.datadoghq.com/') ||
      key === 'instrumentation.opentelemetry.io/inject-sdk',
  );
}

/** True where annotations or a monitor object of the input have the workload's metrics collected. */
export function isScraped(inventory: Inventory, workload: Workload): boolean {
  const services = inventory.selectorsOf(workload, '/Service');
  if (hasScrapeAnnotation(workload.annotations)) return true;
  if (services.some(({ raw }) => hasScrapeAnnotation(readLabels(asObject(raw['metadata'])['annotations']))))
    return true;
  const { namespace } = workload.object;
  const byPods = podMonitorKinds
    .flatMap((kind) => inventory.ofKind(kind))
    .some((monitor) => selects(monitor, namespace, workload.labels));
  if (byPods) return true;
  const monitors = serviceMonitorKinds.flatMap((kind) => inventory.ofKind(kind));
  return monitors.some((monitor) =>
    services.some((service) => selects(monitor, namespace, readLabels(asObject(service.raw['metadata'])['labels']))),
  );
}
