// The flags of `restore create`, with what a Velero `Restore` in a file says where the line says nothing.

import type { RestoreFile } from '../app/restores/restore-inputs.ts';
import type { Selection } from '../backup/index.ts';
import type { MappingFlags, OpeningFlags, TryingFlags } from './arrival-flags.ts';
import type { SourceFlags } from './flags.ts';
import { invalidOption } from './invalid-option.ts';
import type { PolicyFlags } from './policy-flags.ts';
import { toLabelSelector } from './store-flags.ts';
import type { VolumeFlags } from './volume-flags.ts';

export interface RestoreFlags extends SourceFlags, VolumeFlags, MappingFlags, OpeningFlags, TryingFlags, PolicyFlags {
  /** False for `--no-restore-volumes`. */
  readonly restoreVolumes?: boolean;
  readonly hostPaths?: boolean;
  readonly withRelated?: boolean;
  readonly fromBackup?: string;
  readonly fromSchedule?: string;
  readonly allowPartiallyFailed?: boolean;
  readonly file?: string;
  readonly store?: string;
  readonly includeNamespaces?: readonly string[];
  readonly excludeNamespaces?: readonly string[];
  readonly includeResources?: readonly string[];
  readonly excludeResources?: readonly string[];
  readonly includeClusterResources?: string;
  readonly selector?: string;
  readonly orSelector?: string;
  readonly namespaceMappings?: readonly string[];
  readonly existingResourcePolicy?: 'none' | 'update' | 'recreate';
  readonly resourceModifiers?: string;
  readonly resourceModifierConfigmap?: string;
  readonly pluginConfigmaps?: string | true;
  readonly hooks?: boolean;
  readonly prune?: boolean;
  readonly preserveNodeports?: boolean;
  readonly statusIncludeResources?: readonly string[];
  readonly statusExcludeResources?: readonly string[];
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

type Spec = RestoreFile['spec'];

/** Fields that say something. */
function given(fields: Readonly<Record<string, unknown>>): Partial<RestoreFlags> {
  const isGiven = (value: unknown): boolean =>
    value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => isGiven(value)));
}

function flagsOfSpec(spec: Spec): Partial<RestoreFlags> {
  const { includeClusterResources, namespaceMapping, restoreStatus } = spec;
  return given({
    fromBackup: spec.backupName,
    fromSchedule: spec.scheduleName,
    includeNamespaces: spec.includedNamespaces,
    excludeNamespaces: spec.excludedNamespaces,
    includeResources: spec.includedResources,
    excludeResources: spec.excludedResources,
    includeClusterResources: typeof includeClusterResources === 'boolean' ? String(includeClusterResources) : undefined,
    namespaceMappings: Object.entries(namespaceMapping).map(([from, to]) => `${from}:${to}`),
    existingResourcePolicy: spec.existingResourcePolicy,
    resourceModifierConfigmap: spec.resourceModifier?.name,
    resourcePoliciesConfigmap: spec.resourcePolicy?.name,
    preserveNodeports: spec.preserveNodePorts,
    statusIncludeResources: restoreStatus?.includedResources,
    statusExcludeResources: restoreStatus?.excludedResources,
  });
}

/** Of some fields one is enough: what the line says of one of them stands for all. */
const alternatives: readonly (readonly (keyof RestoreFlags)[])[] = [
  ['fromBackup', 'fromSchedule'],
  ['resourceModifiers', 'resourceModifierConfigmap'],
  ['resourcePolicies', 'resourcePoliciesConfigmap'],
  ['includeNamespaces', 'namespace', 'allNamespaces'],
];

/** What the line says goes before the file. */
export function withFile(flags: RestoreFlags, spec: Spec | undefined): RestoreFlags {
  if (spec === undefined) return flags;
  const decided = alternatives.filter((names) => names.some((name) => flags[name] !== undefined)).flat();
  const rest = Object.entries(flagsOfSpec(spec)).filter(([name]) => !decided.includes(name as keyof RestoreFlags));
  return { ...Object.fromEntries(rest), ...flags };
}

/** Label selectors of the line, or those of the file as it has them. Throws `UserError`. */
export function selectorsOf({ selector, orSelector }: RestoreFlags, spec: Spec | undefined): Partial<Selection> {
  if (selector !== undefined && orSelector !== undefined)
    throw invalidOption(
      'both --selector and --or-selector were given',
      'Velero takes one of them, and so does a restore.',
    );
  if (selector !== undefined) return { labelSelector: toLabelSelector(selector) };
  if (orSelector !== undefined) return { orLabelSelectors: orSelector.split(/\s+or\s+/).map(toLabelSelector) };
  const { labelSelector, orLabelSelectors } = spec ?? {};
  return {
    ...(labelSelector === undefined || labelSelector === null ? {} : { labelSelector }),
    ...(orLabelSelectors === undefined || orLabelSelectors === null ? {} : { orLabelSelectors }),
  };
}
