// Alerting rules of the input, one by one.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject, type Path } from '../../model/index.ts';

export interface AlertRule {
  readonly object: KubeObject;
  readonly name: string;
  readonly raw: JsonObject;
  readonly path: Path;
}

export const ruleKinds = [
  'monitoring.coreos.com/PrometheusRule',
  'operator.victoriametrics.com/VMRule',
  'monitoring.googleapis.com/Rules',
];

/** All rules with an `alert` name, in reading order. */
export function alertRules(inventory: Inventory): AlertRule[] {
  return ruleKinds
    .flatMap((kind) => inventory.ofKind(kind))
    .flatMap((object) =>
      asArray(asObject(object.raw['spec'])['groups']).flatMap((group, at) =>
        asArray(asObject(group)['rules']).flatMap((item, index) => {
          const raw = asObject(item);
          const name = asString(raw['alert']);
          return name === undefined ? [] : [{ object, name, raw, path: ['spec', 'groups', at, 'rules', index] }];
        }),
      ),
    );
}
