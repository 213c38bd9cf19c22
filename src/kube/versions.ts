// Kubernetes' minor releases: when each came and until when it is patched.

export interface KubernetesRelease {
  /** 1.N as N. */
  readonly minor: number;
  /** ISO date of 1.N.0. */
  readonly released: string;
  /** ISO date after which the community patches it no more; for supported releases the announced date. */
  readonly endOfLife: string;
}

/**
 * Oldest first. Sources: data/releases/eol.yaml of github.com/kubernetes/website, kubernetes.io/releases/1.33 to 1.37 for
 * the announced dates of those, tags of k8s.io/api for recent release dates. 1.32's end is its announced date.
 */
export const kubernetesReleases: readonly KubernetesRelease[] = [
  { minor: 16, released: '2019-09-18', endOfLife: '2020-09-02' },
  { minor: 17, released: '2019-12-07', endOfLife: '2021-01-13' },
  { minor: 18, released: '2020-03-25', endOfLife: '2021-06-18' },
  { minor: 19, released: '2020-08-26', endOfLife: '2021-10-28' },
  { minor: 20, released: '2020-12-08', endOfLife: '2022-02-28' },
  { minor: 21, released: '2021-04-08', endOfLife: '2022-06-28' },
  { minor: 22, released: '2021-08-04', endOfLife: '2022-12-08' },
  { minor: 23, released: '2021-12-07', endOfLife: '2023-02-28' },
  { minor: 24, released: '2022-05-03', endOfLife: '2023-07-28' },
  { minor: 25, released: '2022-08-23', endOfLife: '2023-10-28' },
  { minor: 26, released: '2022-12-09', endOfLife: '2024-02-28' },
  { minor: 27, released: '2023-04-11', endOfLife: '2024-07-16' },
  { minor: 28, released: '2023-08-15', endOfLife: '2024-10-22' },
  { minor: 29, released: '2023-12-13', endOfLife: '2025-02-28' },
  { minor: 30, released: '2024-04-17', endOfLife: '2025-07-15' },
  { minor: 31, released: '2024-08-13', endOfLife: '2025-11-11' },
  { minor: 32, released: '2024-12-11', endOfLife: '2026-02-28' },
  { minor: 33, released: '2025-04-23', endOfLife: '2026-06-28' },
  { minor: 34, released: '2025-08-27', endOfLife: '2026-10-27' },
  { minor: 35, released: '2025-12-17', endOfLife: '2027-02-28' },
  { minor: 36, released: '2026-04-22', endOfLife: '2027-06-28' },
  { minor: 37, released: '2026-08-26', endOfLife: '2027-10-28' },
];

/** The newest minor release this program knows. */
export const newestKnownMinor: number = Math.max(...kubernetesReleases.map(({ minor }) => minor));

/** The release's row, or `undefined` for one older than the table or newer than this program. */
export function findRelease(minor: number): KubernetesRelease | undefined {
  return kubernetesReleases.find((release) => release.minor === minor);
}

export interface KubernetesVersion {
  readonly minor: number;
  readonly patch?: number;
  /** What a provider or a pre-release puts behind: `-gke.100`, `-rc.1`, `+k3s1`; '' for none. */
  readonly suffix: string;
}

/** Reads `1.31`, `v1.31.4`, `v1.31.4-gke.100`, `1.27+` (EKS writes its minor so); `undefined` for anything else. */
export function parseKubernetesVersion(text: string): KubernetesVersion | undefined {
  const match = /^v?1\.(0|[1-9][0-9]{0,3})(?:\.(0|[1-9][0-9]{0,4}))?([-+][0-9A-Za-z.+-]*)?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, minor, patch, suffix = ''] = match;
  return { minor: Number(minor), suffix, ...(patch === undefined ? {} : { patch: Number(patch) }) };
}

/** True where the community still patches 1.N on that day (ISO date); a minor newer than the table counts as supported. */
export function isSupported(minor: number, isoDate: string): boolean {
  if (minor > newestKnownMinor) return true;
  const release = findRelease(minor);
  return release !== undefined && isoDate.slice(0, 10) <= release.endOfLife;
}
