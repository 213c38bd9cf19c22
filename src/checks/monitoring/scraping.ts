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
  const namespaces = watchedNamespaces(monitor);
  const services =
    namespaces === 'all'
      ? inventory.ofKind('/Service')
      : namespaces.flatMap((namespace) => inventory.ofKindIn('/Service', namespace));
  return services.filter((service) =>
    selects(monitor, service.namespace, readLabels(asObject(service.raw['metadata'])['labels'])),
  );
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
  if (
    monitorsOf(inventory.derive(podMonitors), namespace).some((monitor) => selects(monitor, namespace, workload.labels))
  )
    return true;
  return monitorsOf(inventory.derive(serviceMonitors), namespace).some((monitor) =>
    services.some((service) => selects(monitor, namespace, readLabels(asObject(service.raw['metadata'])['labels']))),
  );
}

/** Monitors by the namespace they watch, so that each workload meets only those of its own; '' watches all. */
type Monitors = ReadonlyMap<string, readonly KubeObject[]>;

function byWatched(monitors: readonly KubeObject[]): Monitors {
  const watched = new Map<string, KubeObject[]>();
  for (const monitor of monitors) {
    const namespaces = watchedNamespaces(monitor);
    for (const namespace of namespaces === 'all' ? [''] : namespaces) addTo(watched, namespace, monitor);
  }
  return watched;
}

function addTo(watched: Map<string, KubeObject[]>, namespace: string, monitor: KubeObject): void {
  const list = watched.get(namespace);
  if (list === undefined) watched.set(namespace, [monitor]);
  else list.push(monitor);
}

function podMonitors(inventory: Inventory): Monitors {
  return byWatched(podMonitorKinds.flatMap((kind) => inventory.ofKind(kind)));
}

function serviceMonitors(inventory: Inventory): Monitors {
  return byWatched(serviceMonitorKinds.flatMap((kind) => inventory.ofKind(kind)));
}

function monitorsOf(monitors: Monitors, namespace: string): readonly KubeObject[] {
  return [...(monitors.get('') ?? []), ...(monitors.get(namespace) ?? [])];
}
