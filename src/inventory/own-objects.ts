// Which objects of a cluster are the app's to answer for: not those that Kubernetes brings along, unless somebody asks for them.

import { systemNamespaces } from '../kube/system-namespaces.ts';
import type { KubeObject, Snapshot } from '../model/index.ts';

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
