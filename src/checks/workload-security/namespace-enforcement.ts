// What a namespace's labels ask Pod Security Admission to enforce.

import type { Labels, Inventory } from '../../inventory/index.ts';
import { newestPodSecurityMinor, judgePodSecurity } from '../../kube/pod-security/index.ts';
import { type Edit, asObject, valueAt } from '../../model/index.ts';

const prefix = 'pod-security.kubernetes.io/';
export const enforceLabel = `${prefix}enforce`;
export const enforceVersionLabel = `${prefix}enforce-version`;

const modes = ['enforce', 'audit', 'warn'] as const;
export const levels = ['privileged', 'baseline', 'restricted'];

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

/** The strictest level that all pods of the namespace meet, at the target version. */
export function strictestMet(
  inventory: Inventory,
  namespace: string,
  minor: number,
): 'restricted' | 'baseline' | undefined {
  const version = Math.min(minor, newestPodSecurityMinor);
  const pods = inventory.workloads
    .filter(({ object }) => object.namespace === namespace)
    .map(({ object, spec, templatePath }) => ({
      metadata: asObject(valueAt(object.raw, [...templatePath, 'metadata'])),
      spec,
    }));
  return (['restricted', 'baseline'] as const).find((level) =>
    pods.every((pod) => judgePodSecurity(pod, level, version).length === 0),
  );
}

/** Enforces a level at the rules of one version, and warns of what the next one would refuse. */
export function enforce(level: string, minor: number): Edit[] {
  const values = {
    [enforceLabel]: level,
    [enforceVersionLabel]: `v1.${minor}`,
    ...(level === 'baseline' ? { [`${prefix}warn`]: 'restricted' } : {}),
  };
  return Object.entries(values).map(([label, value]) => ({ op: 'set', path: ['metadata', 'labels', label], value }));
}
