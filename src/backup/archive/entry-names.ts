// Where an object stands in an archive, and which object stands at a name: Velero's format 1.1.0, and 1 when reading.

/** Which object an archive entry holds. */
export interface EntryPlace {
  /** `pods`, `deployments.apps`. */
  readonly groupResource: string;
  /** '' for a cluster-scoped object. */
  readonly namespace: string;
  readonly name: string;
  /** `v1-preferredversion`, `v1`; left out for the classic path that a restore reads. */
  readonly version?: string;
}

export const versionEntry = 'metadata/version';
export const formatVersion = '1.1.0';

/** `deployments.apps`; the core group has no suffix. */
export function groupResourceOf({ group, resource }: { readonly group: string; readonly resource: string }): string {
  return group === '' ? resource : `${resource}.${group}`;
}

/** Where the entries of a namespace are, or of the cluster, with the slash after it. */
export function entryFolder({ groupResource, namespace, version }: Omit<EntryPlace, 'name'>): string {
  const scope = namespace === '' ? 'cluster' : `namespaces/${namespace}`;
  return `resources/${groupResource}/${version === undefined ? '' : `${version}/`}${scope}/`;
}

export function fileName(name: string): string {
  return `${name}.json`;
}

export function entryName(place: EntryPlace): string {
  return `${entryFolder(place)}${fileName(place.name)}`;
}

const pattern =
  /^resources\/([^/]+)\/(?:(?!namespaces\/|cluster\/)([^/]+)\/)?(?:namespaces\/([^/]+)|cluster)\/([^/]+)\.json$/;

/** `undefined` for a name that is no object's. */
export function parseEntryName(entry: string): EntryPlace | undefined {
  const [, groupResource, version, namespace = '', name] = pattern.exec(entry) ?? [];
  if (groupResource === undefined || name === undefined) return undefined;
  return { groupResource, namespace, name, ...(version === undefined ? {} : { version }) };
}
