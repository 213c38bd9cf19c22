// Pod Security admission: what a namespace's labels refuse, and what they warn of. Source: the PodSecurity admission plugin, tried on 1.34.

import { judgePodSecurity, type PodSecurityLevel, type PodSecurityPod } from '../../kube/pod-security/index.ts';
import { podTemplatePath } from '../../kube/pod-template.ts';
import { asObject, asString, type JsonObject, valueAt } from '../../model/index.ts';
import type { Kernel, Write } from '../kernel.ts';
import type { Resource } from '../resources/resource.ts';
import { forbidden } from '../status-error.ts';
import { labelsOf, nameOf, namespaceOf } from './edit.ts';
import { findNamespace } from './namespaces.ts';

const prefix = 'pod-security.kubernetes.io/';

interface Policy {
  readonly level: PodSecurityLevel;
  /** As the label has it: `latest`, or `v1.30`. */
  readonly version: string;
}

/** Of a mode that is not set, `warn` takes over what is enforced. A level that nobody knows is as strict as can be. */
function policyOf(labels: JsonObject, mode: 'enforce' | 'warn'): Policy | undefined {
  const isSet = labels[prefix + mode] !== undefined;
  const used = mode === 'warn' && !isSet ? 'enforce' : mode;
  const level = asString(labels[prefix + used]) ?? 'privileged';
  const version = asString(labels[`${prefix}${used}-version`]) ?? 'latest';
  if (level === 'privileged') return undefined;
  return { level: level === 'baseline' ? 'baseline' : 'restricted', version };
}

function violations(pod: PodSecurityPod, { level, version }: Policy, newest: number): string | undefined {
  const minor = version === 'latest' ? newest : Number(/^v1\.(\d+)$/.exec(version)?.[1] ?? newest);
  const found = judgePodSecurity(pod, level, minor).map(({ message }) => message);
  return found.length === 0 ? undefined : `violate PodSecurity "${level}:${version}": ${found.join(', ')}`;
}

function podOf(value: unknown): PodSecurityPod {
  const { metadata, spec } = asObject(value);
  return { metadata: asObject(metadata), spec: asObject(spec) };
}

/** Refuses a pod that its namespace does not admit; of a workload whose pods it would not, only warns. */
export function admitByPodSecurity(kernel: Kernel, resource: Resource, object: JsonObject, write: Write): void {
  const { group, kind } = resource;
  const path = podTemplatePath(group, kind);
  if (path === undefined) return;
  const labels = labelsOf(findNamespace(kernel, namespaceOf(object)) ?? {});
  const isPod = group === '' && kind === 'Pod';
  const policy = policyOf(labels, isPod ? 'enforce' : 'warn');
  const found = policy && violations(podOf(valueAt(object, path)), policy, kernel.minor);
  if (found === undefined) return;
  if (isPod) throw forbidden(resource, nameOf(object), found.replace('violate', 'violates'));
  write.warnings.push(`would ${found}`);
}
