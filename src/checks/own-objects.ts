// Which objects of a cluster are the app's to answer for: not those that Kubernetes brings along, unless somebody asks for them.

import type { KubeObject, Snapshot } from '../model/index.ts';

/** Namespaces that every cluster has for itself. */
const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** True for an object that findings may be about. Of files, that is every object. */
export function ownObjects({ facts }: Snapshot): (object: KubeObject) => boolean {
  const { cluster } = facts;
  if (cluster === undefined) return () => true;
  const asked = new Set(cluster.namespaces);
  return ({ kind, group, namespace, name }) => {
    const place = kind === 'Namespace' && group === '' ? name : namespace;
    return asked.has(place) || !systemNamespaces.has(place);
  };
}
