// How two clusters differ in what an app stands on: versions, nodes, storage, ways in, and the rules of its namespaces.

import { asArray, asObject, asString, type KubeObject, type Snapshot } from '../model/index.ts';
import { customKinds } from './place-app.ts';

export interface Row {
  readonly what: string;
  /** '' where the source does not know: files say nothing of a cluster. */
  readonly from: string;
  readonly to: string;
  readonly same: boolean;
}

type Describe = (snapshot: Snapshot) => string;

function ofKind({ objects }: Snapshot, group: string, kind: string): KubeObject[] {
  return objects.filter((object) => object.group === group && object.kind === kind);
}

function annotation({ raw }: KubeObject, key: string): string | undefined {
  return asString(asObject(asObject(raw['metadata'])['annotations'])[key]);
}

function listWords(words: readonly string[]): string {
  return words.length === 0 ? 'none' : [...new Set(words)].sort().join(', ');
}

/** Names of classes, with the default one marked. */
function classes(group: string, kind: string, defaultKey: string): Describe {
  return (snapshot) =>
    listWords(
      ofKind(snapshot, group, kind).map(
        (object) => `${object.name}${annotation(object, defaultKey) === 'true' ? ' (default)' : ''}`,
      ),
    );
}

function nodeInfo(field: string): Describe {
  return (snapshot) =>
    listWords(
      ofKind(snapshot, '', 'Node').flatMap(
        ({ raw }) => asString(asObject(asObject(raw['status'])['nodeInfo'])[field]) ?? [],
      ),
    );
}

function nodeCount(snapshot: Snapshot): string {
  return String(ofKind(snapshot, '', 'Node').length);
}

const accessModes: Describe = (snapshot) =>
  listWords(
    ofKind(snapshot, '', 'PersistentVolumeClaim').flatMap(({ raw }) =>
      asArray(asObject(raw['spec'])['accessModes']).flatMap((mode) => asString(mode) ?? []),
    ),
  );

const webhooks: Describe = (snapshot) =>
  listWords(
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'].flatMap((kind) =>
      ofKind(snapshot, 'admissionregistration.k8s.io', kind).map(({ name }) => name),
    ),
  );

const describers: readonly (readonly [string, Describe])[] = [
  ['Kubernetes', ({ facts }) => facts.cluster?.serverVersion ?? `1.${facts.minor}`],
  ['Nodes', nodeCount],
  ['Architectures', nodeInfo('architecture')],
  ['Kubelets', nodeInfo('kubeletVersion')],
  ['Storage classes', classes('storage.k8s.io', 'StorageClass', 'storageclass.kubernetes.io/is-default-class')],
  ['Access modes of claims', accessModes],
  ['Ingress classes', classes('networking.k8s.io', 'IngressClass', 'ingressclass.kubernetes.io/is-default-class')],
  ['Gateway classes', classes('gateway.networking.k8s.io', 'GatewayClass', '')],
  ['Priority classes', classes('scheduling.k8s.io', 'PriorityClass', '')],
  ['Admission webhooks', webhooks],
];

/** Files say nothing of a cluster. */
function tell(snapshot: Snapshot, describe: Describe): string {
  return snapshot.facts.cluster === undefined ? '' : describe(snapshot);
}

function row(what: string, from: string, to: string): Row {
  return { what, from, to, same: from === to };
}

function namespaceWords(snapshot: Snapshot, name: string): string {
  const namespace = ofKind(snapshot, '', 'Namespace').find((object) => object.name === name);
  if (namespace === undefined) return 'not there';
  const labels = asObject(asObject(namespace.raw['metadata'])['labels']);
  const level = asString(labels['pod-security.kubernetes.io/enforce']) ?? 'privileged';
  const counts = [
    ['ResourceQuota', 'quota'],
    ['LimitRange', 'limit range'],
  ].flatMap(([kind = '', word = '']) =>
    ofKind(snapshot, '', kind).some((object) => object.namespace === name) ? [word] : [],
  );
  return [`admits ${level} pods`, ...counts].join(', ');
}

/** All rows, the same ones too: what is alike is worth knowing before a move. */
export function compareSurroundings(
  from: Snapshot,
  to: Snapshot,
  app: readonly KubeObject[],
  namespaces: readonly string[],
): Row[] {
  const rows = describers.map(([what, describe]) => row(what, tell(from, describe), tell(to, describe)));
  const spaces = namespaces.map((name) => {
    const describe: Describe = (snapshot) => namespaceWords(snapshot, name);
    return row(`Namespace ${name}`, tell(from, describe), tell(to, describe));
  });
  const kinds = customKinds(app, to).map(({ name, there }) => ({
    ...row(`Kind ${name}`, 'used', there ? 'defined' : 'not defined'),
    same: there,
  }));
  return [...rows, ...spaces, ...kinds];
}
