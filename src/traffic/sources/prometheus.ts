// Connections out of the metrics of a mesh: answers of Prometheus' query API for Istio's and Linkerd's counters.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Flow, FlowEnd, ReadFlows } from '../flow.ts';
import { endOf, normalAddress, portOf, timeAt } from './end-fields.ts';

type Labels = Readonly<Record<string, string>>;

/** Mesh metrics say so where they do not know. */
function told(value: string | undefined): string | undefined {
  return value === undefined || value === '' || value === 'unknown' ? undefined : value;
}

interface Shape {
  readonly query: (window: string) => string;
  readonly holds: (labels: Labels) => boolean;
  readonly from: (labels: Labels) => FlowEnd;
  readonly to: (labels: Labels) => FlowEnd;
  readonly port: (labels: Labels) => number | undefined;
}

const none = {
  address: undefined,
  namespace: undefined,
  pod: undefined,
  workload: undefined,
  labels: undefined,
  service: undefined,
  host: undefined,
  is: undefined,
};

function workloadNamed(name: string | undefined, kind?: string): FlowEnd['workload'] {
  const text = told(name);
  if (text === undefined) return undefined;
  return kind === undefined ? { name: text } : { name: text, kind };
}

/** `api.example.com`: a name that is not the cluster's own. */
function outsideHost(service: string | undefined): string | undefined {
  const name = told(service);
  return name === undefined || name.endsWith('.cluster.local') || !name.includes('.') ? undefined : name;
}

const istioLabels =
  'source_workload,source_workload_namespace,destination_workload,destination_workload_namespace,destination_service,destination_service_name,destination_service_namespace';

/** Source: Istio Standard Metrics. */
const istio: Omit<Shape, 'query'> = {
  holds: (labels) => labels['source_workload'] !== undefined || labels['destination_workload'] !== undefined,
  from: (labels) =>
    endOf({
      ...none,
      namespace: told(labels['source_workload_namespace']),
      workload: workloadNamed(labels['source_workload']),
    }),
  to: (labels) => {
    const workload = workloadNamed(labels['destination_workload']);
    const host = workload === undefined ? outsideHost(labels['destination_service']) : undefined;
    const namespace = told(labels['destination_workload_namespace']) ?? told(labels['destination_service_namespace']);
    return endOf({
      ...none,
      namespace: host === undefined ? namespace : undefined,
      workload,
      service: workload === undefined && host === undefined ? told(labels['destination_service_name']) : undefined,
      host,
    });
  },
  port: () => undefined,
};

const linkerdLabels =
  'namespace,deployment,statefulset,daemonset,k8s_job,dst_namespace,dst_deployment,dst_statefulset,dst_daemonset,dst_service,target_ip,target_port,authority';
const linkerdKinds = [
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['k8s_job', 'Job'],
] as const;

function linkerdWorkload(labels: Labels, prefix: string): FlowEnd['workload'] {
  for (const [label, kind] of linkerdKinds) {
    const found = workloadNamed(labels[`${prefix}${label}`], kind);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Source: Linkerd, Proxy Metrics. */
const linkerd: Shape = {
  query: (window) => `sum by (${linkerdLabels}) (increase(tcp_open_total{direction="outbound",peer="dst"}[${window}]))`,
  holds: (labels) => labels['target_port'] !== undefined || Object.keys(labels).some((key) => key.startsWith('dst_')),
  from: (labels) => endOf({ ...none, namespace: told(labels['namespace']), workload: linkerdWorkload(labels, '') }),
  to: (labels) =>
    endOf({
      ...none,
      address: normalAddress(labels['target_ip']),
      namespace: told(labels['dst_namespace']),
      workload: linkerdWorkload(labels, 'dst_'),
      service: told(labels['dst_service']),
    }),
  port: (labels) => portOf(Number(labels['target_port'])),
};

const shapes: readonly Shape[] = [
  {
    ...istio,
    query: (window) => `sum by (${istioLabels}) (increase(istio_tcp_connections_opened_total[${window}]))`,
  },
  { ...istio, query: (window) => `sum by (${istioLabels}) (increase(istio_requests_total[${window}]))` },
  linkerd,
];

/** The queries to ask, for a window such as `30m`. */
export function meshQueries(window: string): string[] {
  return shapes.map(({ query }) => query(window));
}

export function isPrometheus(raw: JsonObject): boolean {
  return raw['status'] !== undefined && asObject(raw['data'])['result'] !== undefined;
}

function labelsOf(raw: unknown): Labels {
  return Object.fromEntries(
    Object.entries(asObject(raw)).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}

/** The last value of a vector's or a matrix' series, with its time in seconds. */
function lastValue(series: JsonObject): { at: number; value: number } {
  const [at, value] = asArray(series['value'] ?? asArray(series['values']).at(-1));
  return { at: Number(at), value: Number(asString(value) ?? 'NaN') };
}

function parseSeries(series: JsonObject, where: string): Flow | string | undefined {
  const labels = labelsOf(series['metric']);
  const shape = shapes.find(({ holds }) => holds(labels));
  if (shape === undefined) return "has none of Istio's or Linkerd's labels";
  const { at, value } = lastValue(series);
  // A counter that stood still, or was not there: nobody called.
  if (!(value > 0)) return undefined;
  const [from, to] = [shape.from(labels), shape.to(labels)];
  if (Object.keys(from).length === 0 || Object.keys(to).length === 0) return 'tells only one end';
  const port = shape.port(labels);
  const time = timeAt(at * 1000);
  return {
    from,
    to,
    protocol: 'TCP',
    outcome: 'connected',
    count: Math.max(1, Math.round(value)),
    where,
    ...(time === undefined ? {} : { time }),
    ...(port === undefined ? {} : { port }),
  };
}

/** An answer of `/api/v1/query` or `/api/v1/query_range`. */
export function parsePrometheus(raw: JsonObject, where: string): ReadFlows {
  if (raw['status'] !== 'success')
    return { flows: [], ignored: [{ where, reason: `Prometheus answered: ${asString(raw['error']) ?? 'no reason'}` }] };
  const parsed = asArray(asObject(raw['data'])['result']).map((series) => parseSeries(asObject(series), where));
  return {
    flows: parsed.filter((each) => typeof each === 'object'),
    ignored: parsed.filter((each) => typeof each === 'string').map((reason) => ({ where, reason })),
  };
}
