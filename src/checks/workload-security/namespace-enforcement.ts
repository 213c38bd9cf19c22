// What a namespace's labels ask Pod Security Admission to enforce.

import type { Labels } from '../../inventory/index.ts';
import { newestPodSecurityMinor } from '../../kube/pod-security/index.ts';

const prefix = 'pod-security.kubernetes.io/';
export const enforceLabel = `${prefix}enforce`;
export const enforceVersionLabel = `${prefix}enforce-version`;

const modes = ['enforce', 'audit', 'warn'] as const;
const levels = ['privileged', 'baseline', 'restricted'];

/** The policy version 1.N as N: that of the cluster for `latest` or none, `undefined` for what is no version. */
export function parsePolicyVersion(text: string | undefined, clusterMinor: number): number | undefined {
  if (text === undefined || text === 'latest') return Math.min(clusterMinor, newestPodSecurityMinor);
  const match = /^v1\.(0|[1-9][0-9]{0,3})$/.exec(text);
  return match === null ? undefined : Number(match[1]);
}

/** Labels whose value Pod Security Admission does not know. */
export function invalidLabels(labels: Labels): string[] {
  return modes
    .flatMap((mode) => [`${prefix}${mode}`, `${prefix}${mode}-version`])
    .filter((key) => {
      const value = labels[key];
      if (value === undefined) return false;
      return key.endsWith('-version') ? parsePolicyVersion(value, 0) === undefined : !levels.includes(value);
    });
}
