// Where an app keeps its settings in plain sight: environment variables, arguments, ConfigMaps. Secrets are not read.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject, type Path } from '../../model/index.ts';

export interface Setting {
  /** Name of the variable or key; '' for an argument. */
  readonly name: string;
  readonly value: string;
  readonly path: Path;
  /** What holds it, for messages: `container "web"`. */
  readonly holder: string;
  readonly container?: string;
}

function containerSettings(object: KubeObject, inventory: Inventory): Setting[] {
  const containers = inventory.workloadOf(object)?.containers ?? [];
  return containers.flatMap(({ name: container, raw, path }) => {
    const shared = { holder: `container "${container}"`, container };
    const variables = asArray(raw['env']).map((item, index) => {
      const { name, value } = asObject(item);
      return {
        ...shared,
        name: asString(name) ?? '',
        value: asString(value) ?? '',
        path: [...path, 'env', index, 'value'],
      };
    });
    const words = ['command', 'args'].flatMap((field) =>
      asArray(raw[field]).map((item, index) => {
        return { ...shared, name: '', value: asString(item) ?? '', path: [...path, field, index] };
      }),
    );
    return [...variables, ...words];
  });
}

function configMapSettings({ name, raw }: KubeObject): Setting[] {
  return Object.entries(asObject(raw['data'])).map(([key, value]) => {
    return { name: key, value: asString(value) ?? '', path: ['data', key], holder: `ConfigMap "${name}"` };
  });
}

/** Settings of a workload's containers or of a ConfigMap; nothing for other kinds. */
export function settingsOf(object: KubeObject, inventory: Inventory): Setting[] {
  if (object.group === '' && object.kind === 'ConfigMap') return configMapSettings(object);
  return containerSettings(object, inventory);
}

export function hasSettings(object: KubeObject, inventory: Inventory): boolean {
  return (object.group === '' && object.kind === 'ConfigMap') || inventory.workloadOf(object) !== undefined;
}
