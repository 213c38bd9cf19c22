// Fields that changed their shape from one API version to the next, as edits of the object as it stands.

import {
  asArray,
  asObject,
  asString,
  type Edit,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  valueAt,
} from '../../model/index.ts';

/** `serviceName` and `servicePort` as networking.k8s.io/v1 has them. A backend that is a resource stays. */
function moveBackend(raw: JsonObject, path: Path): Edit[] {
  const backend = asObject(valueAt(raw, path));
  const { serviceName, servicePort } = backend;
  if (serviceName === undefined) return [];
  const field = typeof servicePort === 'string' && !/^\d+$/.test(servicePort) ? 'name' : 'number';
  const port = field === 'name' ? (servicePort ?? '') : Number(servicePort);
  const service = { name: serviceName, ...(servicePort === undefined ? {} : { port: { [field]: port } }) };
  const { serviceName: _, servicePort: __, ...others } = backend;
  return [{ op: 'set', path, value: { ...others, service } }];
}

/** Source: Kubernetes' deprecated API migration guide, v1.22: Ingress. */
function moveIngress(raw: JsonObject): Edit[] {
  const spec = asObject(raw['spec']);
  const paths = asArray(spec['rules']).flatMap((rule, at) =>
    asArray(asObject(asObject(rule)['http'])['paths']).map((entry, index) => ({
      entry: asObject(entry),
      path: ['spec', 'rules', at, 'http', 'paths', index] as Path,
    })),
  );
  const ofPaths = paths.flatMap(({ entry, path }): Edit[] => [
    ...moveBackend(raw, [...path, 'backend']),
    // What v1beta1 meant where it said nothing; v1 demands that it is said.
    ...(entry['pathType'] === undefined
      ? [{ op: 'set', path: [...path, 'pathType'], value: 'ImplementationSpecific' } as const]
      : []),
  ]);
  if (spec['backend'] === undefined) return ofPaths;
  return [
    ...moveBackend(raw, ['spec', 'backend']),
    { op: 'rename', path: ['spec', 'backend'], name: 'defaultBackend' },
    ...ofPaths,
  ];
}

function targetOf(metric: JsonObject): JsonObject | undefined {
  const fields = [
    ['targetAverageUtilization', 'Utilization', 'averageUtilization'],
    ['targetAverageValue', 'AverageValue', 'averageValue'],
    ['averageValue', 'AverageValue', 'averageValue'],
    ['targetValue', 'Value', 'value'],
  ] as const;
  const found = fields.find(([field]) => metric[field] !== undefined);
  return found === undefined ? undefined : { type: found[1], [found[2]]: metric[found[0]] ?? null };
}

/** What is measured, and of what, by the type of the metric. */
const measures: Readonly<Record<string, (metric: JsonObject) => JsonObject>> = {
  Resource: ({ name = '' }) => ({ name }),
  ContainerResource: ({ name = '', container = '' }) => ({ name, container }),
  Pods: (metric) => ({ metric: nameMetric(metric) }),
  External: (metric) => ({ metric: nameMetric(metric) }),
  Object: (metric) => ({ describedObject: metric['target'] ?? {}, metric: nameMetric(metric) }),
};

function nameMetric({ metricName, selector, metricSelector }: JsonObject): JsonObject {
  const labels = selector ?? metricSelector;
  return { name: metricName ?? '', ...(labels === undefined ? {} : { selector: labels }) };
}

/** One metric of autoscaling/v2beta1 in v2: the measure and its target each stand in an object of their own. */
function moveMetric(entry: JsonObject): JsonObject | undefined {
  const field = Object.keys(entry).find((key) => key !== 'type');
  const measure = measures[asString(entry['type']) ?? ''];
  if (field === undefined || measure === undefined) return undefined;
  const metric = asObject(entry[field]);
  const target = targetOf(metric);
  return target === undefined ? undefined : { ...entry, [field]: { ...measure(metric), target } };
}

/** Source: autoscaling/v2beta1 and v2 of k8s.io/api, and the conversion between them. */
function moveAutoscaler(raw: JsonObject): Edit[] | undefined {
  const metrics = asArray(asObject(raw['spec'])['metrics']);
  const moved = metrics.map((metric) => moveMetric(asObject(metric)));
  const edits = moved.flatMap((value, index): Edit[] =>
    value === undefined ? [] : [{ op: 'set', path: ['spec', 'metrics', index], value }],
  );
  return edits.length === metrics.length ? edits : undefined;
}

/** The selector that the API server filled in before apps/v1: the labels of the pods. */
function writeSelector(raw: JsonObject): Edit[] | undefined {
  const labels = valueAt(raw, ['spec', 'template', 'metadata', 'labels']);
  if (asObject(raw['spec'])['selector'] !== undefined || !isJsonObject(labels)) return undefined;
  return [{ op: 'set', path: ['spec', 'selector'], value: { matchLabels: labels as Json } }];
}

const moves: Readonly<Record<string, (raw: JsonObject) => Edit[] | undefined>> = {
  'extensions/v1beta1 Ingress': moveIngress,
  'networking.k8s.io/v1beta1 Ingress': moveIngress,
  'autoscaling/v2beta1 HorizontalPodAutoscaler': moveAutoscaler,
  'extensions/v1beta1 Deployment': writeSelector,
  'extensions/v1beta1 DaemonSet': writeSelector,
  'extensions/v1beta1 ReplicaSet': writeSelector,
  'apps/v1beta1 Deployment': writeSelector,
  'apps/v1beta1 StatefulSet': writeSelector,
};

/** The edits of all fields that the next version has otherwise; nothing where they are not known, or not sure. */
export function moveFields({ apiVersion, kind, raw }: KubeObject): Edit[] | undefined {
  return moves[`${apiVersion} ${kind}`]?.(raw);
}
