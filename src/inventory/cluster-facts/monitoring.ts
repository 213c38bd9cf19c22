// What watches the cluster: the metrics API, and Prometheus operators with what each Prometheus selects.

import { compileSelector, type Selector } from '../../kube/selectors.ts';
import { asArray, asObject, isJsonObject, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';
import { type Family, findPrograms, programsOf, type Signature } from './signatures.ts';
import type { ClusterView, Program, Tri } from './view.ts';

const collectors: readonly Signature[] = [
  { name: 'Prometheus operator', image: /(?:^|\/)prometheus-operator$/ },
  { name: 'Prometheus', image: /(?:^|\/)prometheus$/ },
  { name: 'VictoriaMetrics operator', image: /(?:^|\/)victoria-?metrics(?:\/|-)operator$/ },
  { name: 'VictoriaMetrics agent', image: /(?:^|\/)vmagent$/ },
  { name: 'Grafana', image: /(?:^|\/)grafana$/ },
  { name: 'Grafana Alloy', image: /(?:^|\/)alloy$/ },
  { name: 'OpenTelemetry collector', image: /opentelemetry-collector(?:-contrib|-k8s)?$/ },
  { name: 'Datadog agent', image: /(?:^|\/)datadog\/agent$|gcr-public\/agent$/ },
];

const scrapers: ReadonlySet<string> = new Set([
  'Prometheus',
  'VictoriaMetrics agent',
  'Grafana Alloy',
  'OpenTelemetry collector',
  'Datadog agent',
]);

/** Programs that ask workloads for their metrics, with the objects that run them. */
export function scraperPrograms(view: ClusterView): Program[] {
  return programsOf(
    view,
    collectors.filter(({ name }) => scrapers.has(name)),
  );
}

/** A metrics server answers through this API service. */
const metricsService = 'v1beta1.metrics.k8s.io';

export interface MetricsApiFacts {
  readonly served: Tri;
  readonly available: Tri;
  readonly evidence: string;
}

function findMetricsApi(view: ClusterView): MetricsApiFacts {
  const kind = 'apiregistration.k8s.io/APIService';
  const service = view.objects(kind).find(({ name }) => name === metricsService);
  if (service === undefined)
    return view.saw(kind)
      ? { served: false, available: false, evidence: `no APIService ${metricsService}` }
      : { served: 'unknown', available: 'unknown', evidence: 'APIServices may not be listed' };
  const condition = asArray(asObject(service.raw['status'])['conditions'])
    .map(asObject)
    .find(({ type }) => type === 'Available');
  const available = condition === undefined ? 'unknown' : condition['status'] === 'True';
  return { served: true, available, evidence: `APIService ${metricsService}` };
}

/** Which objects a Prometheus loads: those whose own and whose namespace's labels match. */
export interface Selection {
  readonly labels: Json | undefined;
  readonly namespaces: Json | undefined;
}

export interface PrometheusFacts {
  /** `Prometheus`, `PrometheusAgent`, `ThanosRuler`: whatever the operator runs that loads rules or monitors. */
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly rules: Selection;
  readonly serviceMonitors: Selection;
  readonly podMonitors: Selection;
}

const loaders = ['Prometheus', 'PrometheusAgent', 'ThanosRuler'].map((kind) => `monitoring.coreos.com/${kind}`);

function toPrometheus({ kind, name, namespace, raw }: KubeObject): PrometheusFacts {
  const spec = asObject(raw['spec']);
  const selection = (what: string): Selection => ({
    labels: spec[`${what}Selector`],
    namespaces: spec[`${what}NamespaceSelector`],
  });
  return {
    kind,
    name,
    namespace,
    rules: selection('rule'),
    serviceMonitors: selection('serviceMonitor'),
    podMonitors: selection('podMonitor'),
  };
}

/** The operator's reading: no selector selects nothing, an empty one everything. Source: prometheus-operator, API reference. */
function compile(selector: Json | undefined): Selector | undefined {
  return isJsonObject(selector) ? compileSelector(selector) : undefined;
}

type LabelsOf = (namespace: string) => Readonly<Record<string, string>> | undefined;

/** Whether a Prometheus loads an object; unknown where the labels of its namespace are needed and not known. */
export function selects(
  { namespace: home }: Pick<PrometheusFacts, 'namespace'>,
  { labels, namespaces }: Selection,
  object: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  labelsOf: LabelsOf,
): Tri {
  const own = compile(labels);
  if (own === undefined || !own.matches(object.labels)) return false;
  const around = compile(namespaces);
  // Without a selector for namespaces only its own counts.
  if (around === undefined) return object.namespace === home;
  if (Object.keys(namespaces as JsonObject).length === 0) return true;
  const known = labelsOf(object.namespace);
  return known === undefined ? 'unknown' : around.matches(known);
}

export interface MonitoringFacts {
  readonly metricsApi: MetricsApiFacts;
  readonly collectors: Family;
  readonly prometheuses: readonly PrometheusFacts[];
  /** False where Prometheuses of all namespaces may not be listed. */
  readonly sawPrometheuses: boolean;
}

export function findMonitoring(view: ClusterView): MonitoringFacts {
  return {
    metricsApi: findMetricsApi(view),
    collectors: findPrograms(view, collectors),
    prometheuses: loaders.flatMap((kind) => view.objects(kind)).map(toPrometheus),
    sawPrometheuses: loaders.every(view.saw),
  };
}
