// Which objects of a cluster are the app's to answer for: not those that Kubernetes brings along, unless somebody asks for them.

import { systemNamespaces } from '../kube/system-namespaces.ts';
import type { KubeObject, Snapshot } from '../model/index.ts';

/** True for an object that findings may be about. What stands in files always is. */
export function ownObjects({ facts }: Snapshot): (object: KubeObject) => boolean {
  const { cluster, joined = false } = facts;
  if (cluster === undefined) return () => true;
  const asked = new Set(cluster.namespaces);
  return ({ kind, group, namespace, name, source, declared }) => {
    if (joined && (declared !== undefined || source.origin.kind !== 'cluster')) return true;
    const place = kind === 'Namespace' && group === '' ? name : namespace;
    return asked.has(place) || !systemNamespaces.has(place);
  };
}

/** The object as the files declare it, where they do: for questions about what somebody wrote. */
export function asWritten(object: KubeObject): KubeObject {
  return object.declared ?? object;
}
