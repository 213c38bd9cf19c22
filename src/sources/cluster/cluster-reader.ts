// What reading a cluster needs of a connection to one: the room api gives it, and tests stand in.

import type { JsonObject } from '../../model/index.ts';

/** A kind that the API server can list, in the version it prefers. */
export interface ListedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural name, as in rules: `deployments`. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** What the API server serves. */
export interface ServedKinds {
  readonly kinds: readonly ListedKind[];
  /** Group versions that do not say what they hold: `metrics.k8s.io/v1beta1`. */
  readonly silent: readonly { readonly groupVersion: string; readonly reason: string }[];
}

export interface ClusterReader {
  /** Name of the context, for people. */
  readonly name: string;
  /** `v1.34.2` as the server tells it. */
  readonly serverVersion: () => Promise<string>;
  readonly kinds: () => Promise<ServedKinds>;
  /**
   * The objects of a kind in pages; `namespace` '' for all of them. Items carry no `apiVersion` and `kind`, as the server lists them.
   * Throws `NotPermitted` where the user may not.
   */
  readonly list: (kind: ListedKind, namespace: string) => AsyncIterable<readonly JsonObject[]>;
  /** The configuration that the kubelet of a node runs with. Absent where the source has none to ask. Throws `NotPermitted` where the user may not. */
  readonly kubeletConfig?: (node: string) => Promise<JsonObject>;
}

/** The API server refused: who may not do what. */
export class NotPermitted extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'NotPermitted';
  }
}
