// What objects other than pod templates name: routes their backends, bindings their roles, claims their classes.

import { parseApiVersion } from '../kube/api-version.ts';
import { asArray, asObject, asString, type Json, type JsonObject, type KubeObject, type Path } from '../model/index.ts';
import type { ReferenceTarget } from './reference.ts';

type Emit = (target: ReferenceTarget) => void;
type Extractor = (object: KubeObject, emit: Emit) => void;

function portOf(value: Json | undefined): { port?: string | number } {
  return typeof value === 'string' || typeof value === 'number' ? { port: value } : {};
}

function emitIngressBackend(emit: Emit, backend: JsonObject, path: Path, namespace: string): void {
  const service = asObject(backend['service']);
  const name = asString(service['name']);
  const shared = { group: '', kind: 'Service', namespace, use: 'backend', optional: false };
  if (name !== undefined) {
    const port = asObject(service['port']);
    emit({ ...shared, name, path: [...path, 'service', 'name'], ...portOf(port['name'] ?? port['number']) });
    return;
  }
  const legacy = asString(backend['serviceName']);
  if (legacy !== undefined)
    emit({ ...shared, name: legacy, path: [...path, 'serviceName'], ...portOf(backend['servicePort']) });
}

const ingress: Extractor = ({ raw, namespace }, emit) => {
  const spec = asObject(raw['spec']);
  for (const field of ['defaultBackend', 'backend'])
    emitIngressBackend(emit, asObject(spec[field]), ['spec', field], namespace);
  for (const [rule, item] of asArray(spec['rules']).entries())
    for (const [index, entry] of asArray(asObject(asObject(item)['http'])['paths']).entries()) {
      const path = ['spec', 'rules', rule, 'http', 'paths', index, 'backend'];
      emitIngressBackend(emit, asObject(asObject(entry)['backend']), path, namespace);
    }
  for (const [index, item] of asArray(spec['tls']).entries()) {
    const name = asString(asObject(item)['secretName']);
    const path = ['spec', 'tls', index, 'secretName'];
    if (name !== undefined) emit({ group: '', kind: 'Secret', namespace, name, use: 'tls', path, optional: false });
  }
  const ingressClass = asString(spec['ingressClassName']);
  if (ingressClass !== undefined)
    emit({
      group: 'networking.k8s.io',
      kind: 'IngressClass',
      namespace: '',
      name: ingressClass,
      use: 'class',
      path: ['spec', 'ingressClassName'],
      optional: false,
    });
};

const route: Extractor = ({ raw, namespace }, emit) => {
  const spec = asObject(raw['spec']);
  emitParents(spec, namespace, emit);
  for (const [rule, item] of asArray(spec['rules']).entries())
    for (const [index, entry] of asArray(asObject(item)['backendRefs']).entries())
      emitRouteBackend(emit, asObject(entry), ['spec', 'rules', rule, 'backendRefs', index, 'name'], namespace);
};

function emitParents(spec: JsonObject, namespace: string, emit: Emit): void {
  for (const [index, item] of asArray(spec['parentRefs']).entries()) {
    const parent = asObject(item);
    const name = asString(parent['name']);
    const kind = asString(parent['kind']) ?? 'Gateway';
    const group = asString(parent['group']) ?? 'gateway.networking.k8s.io';
    const path = ['spec', 'parentRefs', index, 'name'];
    if (name !== undefined)
      emit({
        group,
        kind,
        namespace: asString(parent['namespace']) ?? namespace,
        name,
        use: 'parent',
        path,
        optional: false,
      });
  }
}

function emitRouteBackend(emit: Emit, backend: JsonObject, path: Path, namespace: string): void {
  const name = asString(backend['name']);
  if (name === undefined) return;
  const target = { group: asString(backend['group']) ?? '', kind: asString(backend['kind']) ?? 'Service' };
  const where = asString(backend['namespace']) ?? namespace;
  emit({ ...target, namespace: where, name, use: 'backend', path, optional: false, ...portOf(backend['port']) });
}

const binding: Extractor = ({ raw, namespace }, emit) => {
  const role = asObject(raw['roleRef']);
  const name = asString(role['name']);
  const kind = asString(role['kind']) ?? 'ClusterRole';
  if (name !== undefined) {
    const where = kind === 'Role' ? namespace : '';
    const path = ['roleRef', 'name'];
    emit({ group: 'rbac.authorization.k8s.io', kind, namespace: where, name, use: 'roleRef', path, optional: false });
  }
  for (const [index, item] of asArray(raw['subjects']).entries()) {
    const subject = asObject(item);
    const account = asString(subject['name']);
    if (subject['kind'] !== 'ServiceAccount' || account === undefined) continue;
    const where = asString(subject['namespace']) ?? namespace;
    const path = ['subjects', index, 'name'];
    emit({ group: '', kind: 'ServiceAccount', namespace: where, name: account, use: 'subject', path, optional: false });
  }
};

const scaler: Extractor = ({ raw, namespace }, emit) => {
  const target = asObject(asObject(raw['spec'])['scaleTargetRef']);
  const name = asString(target['name']);
  const kind = asString(target['kind']);
  if (name === undefined || kind === undefined) return;
  const { group } = parseApiVersion(asString(target['apiVersion']) ?? 'apps/v1');
  emit({ group, kind, namespace, name, use: 'scaleTarget', path: ['spec', 'scaleTargetRef', 'name'], optional: false });
};

function emitStorage(emit: Emit, spec: JsonObject, path: Path): void {
  const name = asString(spec['storageClassName']);
  if (name === undefined || name === '') return;
  const target = { group: 'storage.k8s.io', kind: 'StorageClass', namespace: '', name, use: 'class' };
  emit({ ...target, path: [...path, 'storageClassName'], optional: false });
}

const claim: Extractor = ({ raw }, emit) => {
  const spec = asObject(raw['spec']);
  emitStorage(emit, spec, ['spec']);
  const volume = asString(spec['volumeName']);
  const path = ['spec', 'volumeName'];
  if (volume !== undefined && volume !== '')
    emit({
      group: '',
      kind: 'PersistentVolume',
      namespace: '',
      name: volume,
      use: 'volumeName',
      path,
      optional: false,
    });
};

const statefulSet: Extractor = ({ raw, namespace }, emit) => {
  const spec = asObject(raw['spec']);
  const service = asString(spec['serviceName']);
  const path = ['spec', 'serviceName'];
  if (service !== undefined && service !== '')
    emit({ group: '', kind: 'Service', namespace, name: service, use: 'headlessService', path, optional: false });
  for (const [index, item] of asArray(spec['volumeClaimTemplates']).entries())
    emitStorage(emit, asObject(asObject(item)['spec']), ['spec', 'volumeClaimTemplates', index, 'spec']);
};

const serviceAccount: Extractor = ({ raw, namespace }, emit) => {
  for (const field of ['secrets', 'imagePullSecrets'])
    for (const [index, item] of asArray(raw[field]).entries()) {
      const name = asString(asObject(item)['name']);
      const path = [field, index, 'name'];
      if (name !== undefined) emit({ group: '', kind: 'Secret', namespace, name, use: field, path, optional: false });
    }
};

const webhooks: Extractor = ({ raw }, emit) => {
  for (const [index, item] of asArray(raw['webhooks']).entries()) {
    const service = asObject(asObject(asObject(item)['clientConfig'])['service']);
    const name = asString(service['name']);
    const path = ['webhooks', index, 'clientConfig', 'service', 'name'];
    const namespace = asString(service['namespace']) ?? 'default';
    if (name !== undefined)
      emit({
        group: '',
        kind: 'Service',
        namespace,
        name,
        use: 'webhook',
        path,
        optional: false,
        ...portOf(service['port']),
      });
  }
};

const extractors: Readonly<Record<string, Extractor>> = {
  'networking.k8s.io/Ingress': ingress,
  'extensions/Ingress': ingress,
  'gateway.networking.k8s.io/HTTPRoute': route,
  'gateway.networking.k8s.io/GRPCRoute': route,
  'gateway.networking.k8s.io/TLSRoute': route,
  'gateway.networking.k8s.io/TCPRoute': route,
  'gateway.networking.k8s.io/UDPRoute': route,
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'autoscaling/HorizontalPodAutoscaler': scaler,
  '/PersistentVolumeClaim': claim,
  'apps/StatefulSet': statefulSet,
  '/ServiceAccount': serviceAccount,
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': webhooks,
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': webhooks,
};

/** Calls `emit` for each name that the object's own fields (not its pod template) point with. */
export function emitObjectReferences(object: KubeObject, emit: Emit): void {
  extractors[`${object.group}/${object.kind}`]?.(object, emit);
}
