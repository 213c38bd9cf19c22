// Where an app keeps its settings in plain sight: environment variables, arguments, ConfigMaps. Secrets are not read.

import type { Inventory } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type KubeObject, type Path } from '../../model/index.ts';

export class Setting {
  /** Name of the variable or key; '' for an argument. */
  readonly name: string;
  readonly value: string;
  /** What holds it, for messages: `container "web"`. */
  readonly holder: string;
  readonly container: string | undefined;
  private readonly parent: Path;
  private readonly steps: Path;

  constructor(name: string, value: string, owner: Owner, steps: Path) {
    this.name = name;
    this.value = value;
    this.holder = owner.holder;
    this.container = owner.container;
    this.parent = owner.path;
    this.steps = steps;
  }

  get path(): Path {
    return [...this.parent, ...this.steps];
  }
}

/** What the settings of one list have in common. */
interface Owner {
  readonly holder: string;
  readonly container: string | undefined;
  readonly path: Path;
}

function* variables({ raw }: PodContainer, owner: Owner): Generator<Setting> {
  for (const [index, item] of asArray(raw['env']).entries()) {
    const { name, value } = asObject(item);
    yield new Setting(asString(name) ?? '', asString(value) ?? '', owner, ['env', index, 'value']);
  }
}

function* words({ raw }: PodContainer, owner: Owner): Generator<Setting> {
  for (const field of ['command', 'args'])
    for (const [index, item] of asArray(raw[field]).entries())
      yield new Setting('', asString(item) ?? '', owner, [field, index]);
}

function containerSettings(object: KubeObject, inventory: Inventory): Setting[] {
  const containers = inventory.workloadOf(object)?.containers ?? [];
  return containers.flatMap((container) => {
    const owner = { holder: `container "${container.name}"`, container: container.name, path: container.path };
    return [...variables(container, owner), ...words(container, owner)];
  });
}

function configMapSettings({ name, raw }: KubeObject): Setting[] {
  const owner = { holder: `ConfigMap "${name}"`, container: undefined, path: ['data'] };
  return Object.entries(asObject(raw['data'])).map(([key, value]) => {
    return new Setting(key, asString(value) ?? '', owner, [key]);
  });
}

/** Several checks look at the same settings: one table for an inventory. */
function makeTable(): Map<KubeObject, readonly Setting[]> {
  return new Map();
}

/** Settings of a workload's containers or of a ConfigMap; nothing for other kinds. */
export function settingsOf(object: KubeObject, inventory: Inventory): readonly Setting[] {
  const known = inventory.derive(makeTable);
  let settings = known.get(object);
  if (settings === undefined) {
    settings = readSettings(object, inventory);
    known.set(object, settings);
  }
  return settings;
}

function readSettings(object: KubeObject, inventory: Inventory): Setting[] {
  if (object.group === '' && object.kind === 'ConfigMap') return configMapSettings(object);
  return containerSettings(object, inventory);
}

export function hasSettings(object: KubeObject, inventory: Inventory): boolean {
  return (object.group === '' && object.kind === 'ConfigMap') || inventory.workloadOf(object) !== undefined;
}
