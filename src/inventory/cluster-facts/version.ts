// The server's version, and until when it gets security updates.

import { findRelease, isSupported, newestKnownMinor, parseKubernetesVersion } from '../../kube/versions.ts';
import type { ClusterView } from './view.ts';

export interface VersionFacts {
  /** As the server tells it: `v1.34.2-eks-1a2b3c`. */
  readonly server: string;
  readonly minor?: number;
  /** ISO date on which the community stops patching the minor; a provider may patch it longer. */
  readonly endOfLife?: string;
  readonly support: 'supported' | 'ended' | 'unknown';
}

/** `today` is an ISO date. A minor that is newer than our table is supported until a date nobody here knows. */
export function findVersion({ serverVersion }: ClusterView, today: string): VersionFacts {
  const parsed = parseKubernetesVersion(serverVersion);
  if (parsed === undefined) return { server: serverVersion, support: 'unknown' };
  const { minor } = parsed;
  const release = findRelease(minor);
  const known = release !== undefined || minor > newestKnownMinor;
  return {
    server: serverVersion,
    minor,
    ...(release === undefined ? {} : { endOfLife: release.endOfLife }),
    // Older than the table is older than everything that is supported.
    support: known && isSupported(minor, today) ? 'supported' : 'ended',
  };
}
