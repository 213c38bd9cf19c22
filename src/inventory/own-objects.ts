// Which objects of a cluster are the app's to answer for: not those that Kubernetes brings along, nor those of other namespaces, unless somebody asks for them.

import { systemNamespaces } from '../kube/system-namespaces.ts';
import { asArray, asObject, asString, type KubeObject, type Snapshot } from '../model/index.ts';

/** Namespaces that an object without one serves alone: of a volume that of its claim, of a binding those of its accounts; none where it serves all. */
function servedNamespaces({ group, kind, raw }: KubeObject): readonly string[] {
  if (group === '' && kind === 'PersistentVolume') {
    const namespace = asString(asObject(asObject(raw['spec'])['claimRef'])['namespace']);
    return namespace === undefined ? [] : [namespace];
  }
  if (group !== 'rbac.authorization.k8s.io' || kind !== 'ClusterRoleBinding') return [];
  const subjects = asArray(raw['subjects']).map(asObject);
  const isOfAccounts = subjects.every((subject) => subject['kind'] === 'ServiceAccount');
  return isOfAccounts ? subjects.map(({ namespace }) => asString(namespace) ?? '') : [];
}

/** True for an object that findings may be about. What stands in files always is. */
export function ownObjects({ facts }: Snapshot): (object: KubeObject) => boolean {
  const { cluster, joined = false } = facts;
  if (cluster === undefined) return () => true;
  const asked = new Set(cluster.namespaces);
  return (object) => {
    const { kind, group, namespace, name, source, declared } = object;
    if (joined && (declared !== undefined || source.origin.kind !== 'cluster')) return true;
    const place = kind === 'Namespace' && group === '' ? name : namespace;
    if (place === '' && asked.size > 0) {
      const served = servedNamespaces(object);
      return served.length === 0 || served.some((each) => asked.has(each));
    }
    return asked.has(place) || !systemNamespaces.has(place);
  };
}

/** The object as the files declare it, where they do: for questions about what somebody wrote. */
export function asWritten(object: KubeObject): KubeObject {
  return object.declared ?? object;
}
