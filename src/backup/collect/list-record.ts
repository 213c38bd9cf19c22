// One list of a backup, and what changed in the cluster after it.

/** Objects by what became of them last. Those that came and went are counted as deleted. */
export interface ListChanges {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
  /** `namespace/name` of the first of them. */
  readonly names: readonly string[];
  /** So much happened that the rest was not counted. */
  readonly more: boolean;
}

/** One list that was made: what the backup says of its own consistency. */
export interface ListRecord {
  readonly groupResource: string;
  /** '' for a list of the whole cluster. */
  readonly namespace: string;
  /** The moment that its first page shows. */
  readonly resourceVersion: string;
  /** ISO times of the first request and the last answer. */
  readonly from: string;
  readonly to: string;
  readonly objects: number;
  /** The moment was forgotten before the last page: later pages show later ones. */
  readonly inconsistent: boolean;
  /** What happened from that moment to the end of the last list; left out where the API server cannot tell. */
  readonly changes?: ListChanges;
}
