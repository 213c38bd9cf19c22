// What the API server says it serves.

export interface Subresource {
  /** `status`, `scale`, `log`. */
  readonly name: string;
  readonly verbs: readonly string[];
  /** Kind of what is read and written there, where it is another: `Scale`. '' where the server does not say. */
  readonly kind: string;
}

export interface ApiResource {
  /** '' for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in paths and RBAC rules: `deployments`. */
  readonly resource: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** `list`, `watch`, `create`, … */
  readonly verbs: readonly string[];
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly subresources: readonly Subresource[];
}

/** A group version of which the resources are not known: its API server does not answer. */
export interface DiscoveryFailure {
  readonly groupVersion: string;
  readonly reason: string;
}

export interface Discovery {
  /** In the order of the server's groups, the preferred version of each first: who comes first wins a name. */
  readonly resources: readonly ApiResource[];
  readonly failures: readonly DiscoveryFailure[];
}

/** `apps/v1`, or `v1` for the core group: as `apiVersion` has it. */
export function groupVersionOf({ group, version }: Pick<ApiResource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}
