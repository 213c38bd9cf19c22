// What a pod template names: configuration, secrets, volumes, identities, classes.

import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject, type Path } from '../model/index.ts';
import type { ReferenceTarget } from './reference.ts';
import type { Workload } from './workload.ts';

type Emit = (target: ReferenceTarget) => void;

interface Named {
  readonly kind: string;
  readonly use: string;
  readonly path: Path;
  readonly value: Json | undefined;
  readonly nameField: string;
  readonly namespace: string;
}

function emitNamed(emit: Emit, { kind, use, path, value, nameField, namespace }: Named): void {
  const source = asObject(value);
  const name = asString(source[nameField]);
  if (name === undefined || name === '') return;
  const key = asString(source['key']);
  const optional = source['optional'] === true;
  emit({
    group: '',
    kind,
    namespace,
    name,
    use,
    path: [...path, nameField],
    optional,
    ...(key === undefined ? {} : { key }),
  });
}

function emitEnv(emit: Emit, container: { raw: JsonObject; path: Path }, namespace: string): void {
  for (const [index, item] of asArray(container.raw['env']).entries()) {
    const from = asObject(item)['valueFrom'];
    // Nearly all variables have a plain value: nothing is made for them.
    if (!isJsonObject(from)) continue;
    const path = [...container.path, 'env', index, 'valueFrom'];
    emitSources(emit, from, { path, namespace, use: 'env', fields: ['configMapKeyRef', 'secretKeyRef'] });
  }
  for (const [index, item] of asArray(container.raw['envFrom']).entries()) {
    const path = [...container.path, 'envFrom', index];
    emitSources(emit, asObject(item), { path, namespace, use: 'envFrom', fields: ['configMapRef', 'secretRef'] });
  }
}

interface Sources {
  readonly path: Path;
  readonly namespace: string;
  readonly use: string;
  /** Fields that name a ConfigMap and a Secret. */
  readonly fields: readonly [configMap: string, secret: string];
}

function emitSources(emit: Emit, value: JsonObject, { path, namespace, use, fields }: Sources): void {
  for (const [kind, field] of [
    ['ConfigMap', fields[0]],
    ['Secret', fields[1]],
  ] as const)
    if (value[field] !== undefined)
      emitNamed(emit, { kind, use, nameField: 'name', namespace, path: [...path, field], value: value[field] });
}

function emitVolume(emit: Emit, volume: JsonObject, path: Path, namespace: string): void {
  const base = { use: 'volume', namespace };
  emitNamed(emit, {
    ...base,
    kind: 'ConfigMap',
    nameField: 'name',
    path: [...path, 'configMap'],
    value: volume['configMap'],
  });
  emitNamed(emit, {
    ...base,
    kind: 'Secret',
    nameField: 'secretName',
    path: [...path, 'secret'],
    value: volume['secret'],
  });
  const claim = volume['persistentVolumeClaim'];
  const claimPath = [...path, 'persistentVolumeClaim'];
  emitNamed(emit, { ...base, kind: 'PersistentVolumeClaim', nameField: 'claimName', path: claimPath, value: claim });
  for (const [index, item] of asArray(asObject(volume['projected'])['sources']).entries()) {
    const at = [...path, 'projected', 'sources', index];
    const source = asObject(item);
    emitNamed(emit, {
      ...base,
      kind: 'ConfigMap',
      nameField: 'name',
      path: [...at, 'configMap'],
      value: source['configMap'],
    });
    emitNamed(emit, { ...base, kind: 'Secret', nameField: 'name', path: [...at, 'secret'], value: source['secret'] });
  }
}

function emitIdentity(emit: Emit, { spec, specPath }: Workload, namespace: string): void {
  const field = spec['serviceAccountName'] === undefined ? 'serviceAccount' : 'serviceAccountName';
  const account = asString(spec[field]);
  const shared = { group: '', optional: false };
  if (account !== undefined && account !== '')
    emit({
      ...shared,
      kind: 'ServiceAccount',
      namespace,
      name: account,
      use: 'serviceAccount',
      path: [...specPath, field],
    });
  for (const [index, item] of asArray(spec['imagePullSecrets']).entries()) {
    const path = [...specPath, 'imagePullSecrets', index];
    emitNamed(emit, { kind: 'Secret', use: 'imagePullSecret', path, value: item, nameField: 'name', namespace });
  }
}

function emitClasses(emit: Emit, { spec, specPath }: Workload): void {
  const classes = [
    ['priorityClassName', 'scheduling.k8s.io', 'PriorityClass'],
    ['runtimeClassName', 'node.k8s.io', 'RuntimeClass'],
  ] as const;
  for (const [field, group, kind] of classes) {
    const name = asString(spec[field]);
    if (name !== undefined && name !== '')
      emit({ group, kind, namespace: '', name, use: 'class', path: [...specPath, field], optional: false });
  }
}

/** Calls `emit` for each name in the workload's pod template. */
export function emitPodReferences(workload: Workload, emit: Emit): void {
  const { namespace } = workload.object;
  for (const container of workload.containers) emitEnv(emit, container, namespace);
  for (const [index, volume] of asArray(workload.spec['volumes']).entries())
    emitVolume(emit, asObject(volume), [...workload.specPath, 'volumes', index], namespace);
  emitIdentity(emit, workload, namespace);
  emitClasses(emit, workload);
}
