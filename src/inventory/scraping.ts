// Who collects a workload's metrics, as far as the input shows: annotations or monitor objects.

import { compileSelector, type Selector } from '../kube/selectors.ts';
import { asArray, asObject, asString, type KubeObject } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import { LabelIndex } from './label-index.ts';
import { type Labels, readLabels, type Workload } from './workload.ts';

/** Kinds that tell a collector which Services to scrape, and those that tell it which pods. */
export const serviceMonitorKinds = [
  'monitoring.coreos.com/ServiceMonitor',
  'operator.victoriametrics.com/VMServiceScrape',
];
export const podMonitorKinds = [
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

function selectorOf(monitor: KubeObject): Selector {
  return compileSelector(asObject(asObject(monitor.raw['spec'])['selector']));
}

function labelsOf({ raw }: KubeObject): Labels {
  return readLabels(asObject(raw['metadata'])['labels']);
}

function serviceIndex(inventory: Inventory): LabelIndex<KubeObject> {
  return new LabelIndex(inventory.ofKind('/Service'), (service) => [service.namespace, labelsOf(service)]);
}

/** Services of the input that a ServiceMonitor selects. */
export function monitoredServices(inventory: Inventory, monitor: KubeObject): KubeObject[] {
  const index = inventory.derive(serviceIndex);
  const namespaces = watchedNamespaces(monitor);
  const selector = selectorOf(monitor);
  return (namespaces === 'all' ? index.namespaces() : namespaces).flatMap((each) => index.matching(each, selector));
}

/** Services that some monitor of the input selects. */
function scrapedServices(inventory: Inventory): ReadonlySet<KubeObject> {
  const monitors = serviceMonitorKinds.flatMap((kind) => inventory.ofKind(kind));
  return new Set(monitors.flatMap((monitor) => monitoredServices(inventory, monitor)));
}

function namespacesOf({ workloads }: Inventory): readonly string[] {
  return [...new Set(workloads.map(({ object }) => object.namespace))];
}

/** Workloads of the input whose pods a PodMonitor selects. */
export function monitoredWorkloads(inventory: Inventory, monitor: KubeObject): Workload[] {
  const namespaces = watchedNamespaces(monitor);
  const selector = selectorOf(monitor);
  return (namespaces === 'all' ? inventory.derive(namespacesOf) : namespaces).flatMap((each) =>
    inventory.workloadsMatching(each, selector),
  );
}

/** Workloads whose pods some monitor of the input selects. */
function scrapedWorkloads(inventory: Inventory): ReadonlySet<Workload> {
  const monitors = podMonitorKinds.flatMap((kind) => inventory.ofKind(kind));
  return new Set(monitors.flatMap((monitor) => monitoredWorkloads(inventory, monitor)));
}

function hasScrapeAnnotation(annotations: Readonly<Record<string, string>>): boolean {
  return Object.entries(annotations).some(
    ([key, value]) =>
      (key === 'prometheus.io/scrape' && value === 'true') ||
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
  if (inventory.derive(scrapedWorkloads).has(workload)) return true;
  const scraped = inventory.derive(scrapedServices);
  return services.some((service) => scraped.has(service));
}
