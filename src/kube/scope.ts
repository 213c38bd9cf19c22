// Which kinds live outside namespaces.

import { clusterScopedKinds } from './scope.generated.ts';

/** Kinds that no longer exist, and widespread custom kinds, whose definitions say `scope: Cluster`. */
const otherClusterScoped: ReadonlySet<string> = new Set([
  'extensions/PodSecurityPolicy',
  'gateway.networking.k8s.io/GatewayClass',
  'snapshot.storage.k8s.io/VolumeSnapshotClass',
  'snapshot.storage.k8s.io/VolumeSnapshotContent',
  'policy.networking.k8s.io/AdminNetworkPolicy',
  'policy.networking.k8s.io/BaselineAdminNetworkPolicy',
  'cert-manager.io/ClusterIssuer',
  'external-secrets.io/ClusterSecretStore',
  'external-secrets.io/ClusterExternalSecret',
  'kyverno.io/ClusterPolicy',
  'cilium.io/CiliumClusterwideNetworkPolicy',
  'crd.projectcalico.org/GlobalNetworkPolicy',
  'projectcalico.org/GlobalNetworkPolicy',
  'karpenter.sh/NodePool',
  'argoproj.io/ClusterWorkflowTemplate',
]);

/** True for built-in and widespread custom kinds without a namespace; other custom kinds count as namespaced. */
export function isClusterScoped(group: string, kind: string): boolean {
  const key = `${group}/${kind}`;
  return clusterScopedKinds.has(key) || otherClusterScoped.has(key);
}

/** As resources are named in paths and rules: `Node` is `nodes`, `StorageClass` is `storageclasses`. */
function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('y')) return `${lower.slice(0, -1)}ies`;
  return lower.endsWith('s') ? `${lower}es` : `${lower}s`;
}

const clusterScopedResources: ReadonlySet<string> = new Set(
  [...clusterScopedKinds, ...otherClusterScoped].map((key) => {
    const slash = key.lastIndexOf('/');
    return `${key.slice(0, slash)}/${pluralOf(key.slice(slash + 1))}`;
  }),
);

/** The same by the plural name: `isClusterScopedResource('storage.k8s.io', 'storageclasses')`. */
export function isClusterScopedResource(group: string, resource: string): boolean {
  return clusterScopedResources.has(`${group}/${resource}`);
}
