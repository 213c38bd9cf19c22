// The app as it would stand in another cluster: its own objects, with all that the target has around them.

import { isControlled, isInEveryNamespace } from '../kube/made-objects.ts';
import { isClusterScoped } from '../kube/scope.ts';
import { systemNamespaces } from '../kube/system-namespaces.ts';
import { asObject, asString, type KubeObject, type Snapshot } from '../model/index.ts';

/** Kinds of the target's namespace that decide whether an app runs there, and that the app does not bring along. */
const surroundings: ReadonlySet<string> = new Set([
  '/ConfigMap',
  '/LimitRange',
  '/ResourceQuota',
  '/Secret',
  '/ServiceAccount',
  'networking.k8s.io/NetworkPolicy',
]);

function identity({ group, kind, namespace, name }: KubeObject): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

/** What cannot be carried over: values of Secrets are not in a snapshot. */
function isLeftBehind(object: KubeObject): boolean {
  return isInEveryNamespace(object) || (object.group === '' && object.kind === 'Secret');
}

/** The objects that the app consists of. Of files all; of a cluster those of its namespaces that somebody wrote. */
export function appObjects({ objects, facts }: Snapshot): readonly KubeObject[] {
  if (facts.cluster === undefined) return objects;
  return objects.filter(
    (object) =>
      object.namespace !== '' &&
      !systemNamespaces.has(object.namespace) &&
      !isControlled(object) &&
      !isLeftBehind(object),
  );
}

/** Namespaces that the app uses. */
export function appNamespaces(app: readonly KubeObject[]): readonly string[] {
  return [...new Set(app.map(({ namespace }) => namespace).filter((namespace) => namespace !== ''))].sort();
}

/** A snapshot in which checks see the app in the target. What both have is the app's, but for Secrets and settings that are there already. */
export function placeApp(app: readonly KubeObject[], target: Snapshot): Snapshot {
  const namespaces = new Set(appNamespaces(app));
  const around = target.objects.filter(({ group, kind, namespace }) => {
    if (namespace === '') return isClusterScoped(group, kind) || kind === 'CustomResourceDefinition';
    return namespaces.has(namespace) && surroundings.has(`${group}/${kind}`);
  });
  const there = new Set(around.map(identity));
  return { ...target, objects: [...app.filter((object) => !there.has(identity(object))), ...around] };
}

/** Kinds of the app that are not Kubernetes' own, and whether the target defines them. */
export function customKinds(app: readonly KubeObject[], target: Snapshot): readonly { name: string; there: boolean }[] {
  const defined = new Set(
    target.objects
      .filter(({ kind }) => kind === 'CustomResourceDefinition')
      .map(({ raw }) => {
        const spec = asObject(raw['spec']);
        return `${asString(asObject(spec['names'])['kind']) ?? ''}.${asString(spec['group']) ?? ''}`;
      }),
  );
  const used = new Set(
    app
      .filter(({ group }) => group.includes('.') && !group.endsWith('k8s.io'))
      .map(({ kind, group }) => `${kind}.${group}`),
  );
  return [...used].sort().map((name) => ({ name, there: defined.has(name) }));
}
