// Which objects a list is of, and how it is read.

/** Which objects of a resource. */
export interface Selection {
  /** Left out: all namespaces. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends Selection {
  /** Objects a page; default 500. */
  readonly pageSize?: number;
  /** As in the API: '0' lets a server answer from its cache. Left out: the newest. */
  readonly resourceVersion?: string;
  /**
   * What to do where the list's snapshot is gone before its last page (410): `continue` goes on with newer objects and marks the pages, which
   * streams well; `restart` begins anew, so that all pages show one moment. Default `continue`.
   */
  readonly whenExpired?: 'continue' | 'restart';
  /** Leaves out `metadata.managedFields`, and the time to parse it. */
  readonly omitManagedFields?: boolean;
  readonly signal?: AbortSignal;
}
