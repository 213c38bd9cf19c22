// Which Prometheus of a cluster loads an object of the app, by the labels of the object and of its namespace.

import {
  type ClusterView,
  findMonitoring,
  type Inventory,
  type PrometheusFacts,
  readLabels,
  selects,
  type Selection,
  type Tri,
} from '../../inventory/index.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import type { AppDiagnostic } from '../check.ts';

export interface SelectionQuestion {
  readonly kinds: readonly string[];
  readonly selection: (prometheus: PrometheusFacts) => Selection;
  /** Field of the Prometheus that decides. */
  readonly field: string;
  readonly consequence: string;
}

/** Programs that load the operator's objects as well, with selectors of their own. */
const others = /^(?:VictoriaMetrics|Grafana Alloy|OpenTelemetry|Datadog)/;

function isLoaded(
  prometheuses: readonly PrometheusFacts[],
  { selection }: SelectionQuestion,
  object: KubeObject,
  inventory: Inventory,
): Tri {
  const labels = readLabels(asObject(object.raw['metadata'])['labels']);
  const subject = { namespace: object.namespace, labels };
  const answers = prometheuses.map((each) =>
    selects(each, selection(each), subject, (namespace) => inventory.namespaceLabels(namespace)),
  );
  return answers.includes(true) || (answers.includes('unknown') ? 'unknown' : false);
}

function tell(object: KubeObject, { field, consequence }: SelectionQuestion, isCertain: boolean): AppDiagnostic {
  const { kind, name } = object;
  if (!isCertain)
    return {
      verdict: 'unknown',
      object,
      path: ['metadata', 'labels'],
      message: `whether anything loads ${kind} "${name}" is not known`,
      evidence: 'not every Prometheus of the cluster, or another collector with selectors of its own, can be seen',
    };
  return {
    object,
    path: ['metadata', 'labels'],
    message: `no Prometheus of this cluster loads ${kind} "${name}": ${consequence}`,
    evidence: `its labels and those of its namespace match no ${field}`,
  };
}

export function findUnselected(view: ClusterView, inventory: Inventory, question: SelectionQuestion): AppDiagnostic[] {
  const { prometheuses, sawPrometheuses, collectors } = findMonitoring(view);
  const whole = sawPrometheuses && collectors.complete && !collectors.found.some(({ name }) => others.test(name));
  return question.kinds
    .flatMap((kind) => inventory.ofKind(kind))
    .flatMap((object) => {
      const loaded = isLoaded(prometheuses, question, object, inventory);
      return loaded === true ? [] : [tell(object, question, whole && loaded === false)];
    });
}
