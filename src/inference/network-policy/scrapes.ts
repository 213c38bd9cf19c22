// Collectors of metrics call the pods they are told of: by annotations, ServiceMonitors and PodMonitors.

import {
  type Arrival,
  arrivalsOf,
  type Inventory,
  type Labels,
  monitoredServices,
  monitoredWorkloads,
  namedPorts,
  podMonitorKinds,
  readLabels,
  serviceMonitorKinds,
  type Workload,
} from '../../inventory/index.ts';
import { asArray, asNumber, asObject, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { Decision, Ledger, Peer } from './need.ts';
import type { Directory } from './peer-of-party.ts';
import type { Platform } from './platform.ts';
import { type IsSubject, openDoor } from './ways-in.ts';

type Target = Pick<Arrival, 'workload' | 'port' | 'protocol'>;

function metadataOf({ raw }: KubeObject): JsonObject {
  return asObject(raw['metadata']);
}

/** Endpoints of a monitor, under the name that each kind has for them. */
function endpointsOf({ raw }: KubeObject): JsonObject[] {
  const { endpoints, podMetricsEndpoints } = asObject(raw['spec']);
  return [...asArray(endpoints), ...asArray(podMetricsEndpoints)].map(asObject);
}

function podTarget(workload: Workload, port: unknown): Target[] {
  const number = asNumber(port) ?? namedPorts(workload).find(({ name }) => name === port)?.port;
  return number === undefined ? [] : [{ workload, port: number, protocol: 'TCP' }];
}

/** The port of the Service by its name, or that of the pods by name or number. Source: prometheus-operator, API reference, Endpoint. */
function serviceTargets(inventory: Inventory, service: KubeObject, { port, targetPort }: JsonObject): Target[] {
  if (targetPort !== undefined)
    return inventory.workloadsSelectedBy(service).flatMap((workload) => podTarget(workload, targetPort));
  const ports = asArray(asObject(service.raw['spec'])['ports']).map(asObject);
  const number = asNumber(ports.find(({ name }) => name === port)?.['port']);
  return number === undefined ? [] : arrivalsOf(inventory, service, number);
}

function byMonitor(inventory: Inventory, monitor: KubeObject): Target[] {
  const endpoints = endpointsOf(monitor);
  const services = serviceMonitorKinds.includes(`${monitor.group}/${monitor.kind}`)
    ? monitoredServices(inventory, monitor)
    : [];
  const pods = services.length > 0 ? [] : monitoredWorkloads(inventory, monitor);
  return endpoints.flatMap((endpoint) => [
    ...services.flatMap((service) => serviceTargets(inventory, service, endpoint)),
    ...pods.flatMap((workload) => podTarget(workload, endpoint['port'] ?? endpoint['targetPort'])),
  ]);
}

/** `prometheus.io/scrape: "true"` with `prometheus.io/port`, on pods or on Services; without a port, all that the pods declare. */
function byAnnotations(workload: Workload, annotations: Labels): Target[] {
  if (annotations['prometheus.io/scrape'] !== 'true') return [];
  const told = Number(annotations['prometheus.io/port'] ?? Number.NaN);
  if (Number.isInteger(told)) return [{ workload, port: told, protocol: 'TCP' }];
  return workload.containers.flatMap(({ raw }) =>
    asArray(raw['ports']).flatMap((each) => podTarget(workload, asObject(each)['containerPort'])),
  );
}

/** Source: the charts of Prometheus and of its operator label their pods so. */
const usual: Peer = { kind: 'pods', name: 'Prometheus', labels: { 'app.kubernetes.io/name': 'prometheus' } };

function collectors({ scrapers, answers }: Platform): { callers: readonly Peer[]; decision?: Omit<Decision, 'about'> } {
  const told = answers.get('metrics');
  if (told !== undefined) return { callers: [told] };
  if (scrapers.length > 0) return { callers: scrapers };
  return {
    callers: [usual],
    decision: {
      done: 'who collects metrics is not known: pods labelled app.kubernetes.io/name: prometheus of every namespace may',
      advice: 'Name its pods: --peer metrics=monitoring/app.kubernetes.io/name=prometheus',
    },
  };
}

export function takeScrapes(ledger: Ledger, { inventory, platform }: Directory, isSubject: IsSubject): void {
  const open = (arrivals: readonly Target[], why: string): void =>
    openDoor(ledger, isSubject, { ...collectors(platform), arrivals, why, isScrape: true });
  for (const workload of inventory.workloads.filter(isSubject)) {
    open(byAnnotations(workload, workload.annotations), 'annotation prometheus.io/scrape');
    for (const service of inventory.selectorsOf(workload, '/Service'))
      open(
        byAnnotations(workload, readLabels(metadataOf(service)['annotations'])),
        `annotation of Service "${service.name}"`,
      );
  }
  for (const kind of [...serviceMonitorKinds, ...podMonitorKinds])
    for (const monitor of inventory.ofKind(kind))
      open(byMonitor(inventory, monitor), `${monitor.kind} "${monitor.name}"`);
}
