// Options about what a backup takes, which `backup create` and `schedule create` share, and what they mean.

import type { Command } from 'commander';
import { toMilliseconds } from './flags.ts';
import type { JsonObject } from '../model/index.ts';
import { invalidOption } from './invalid-option.ts';
import { collectIds } from './options.ts';
import { parseTruth, toLabelSelector } from './store-flags.ts';

export interface SelectionFlags {
  readonly includeNamespaces?: readonly string[];
  readonly excludeNamespaces?: readonly string[];
  readonly includeResources?: readonly string[];
  readonly excludeResources?: readonly string[];
  readonly includeClusterResources?: string;
  readonly includeClusterScopedResources?: readonly string[];
  readonly excludeClusterScopedResources?: readonly string[];
  readonly includeNamespaceScopedResources?: readonly string[];
  readonly excludeNamespaceScopedResources?: readonly string[];
  readonly selector?: string;
  readonly orSelector?: string;
  readonly orderedResources?: string;
}

export function addSelectionOptions(command: Command): Command {
  return command
    .option('--include-namespaces <names>', 'namespaces to take; globs are understood', collectIds)
    .option('--exclude-namespaces <names>', 'namespaces to leave out', collectIds)
    .option('--include-resources <names>', 'resources to take: po, deployments.apps, *', collectIds)
    .option('--exclude-resources <names>', 'resources to leave out', collectIds)
    .option('--include-cluster-resources <when>', 'true or false; left out: what the taken objects need')
    .option('--include-cluster-scoped-resources <names>', 'of the cluster, these', collectIds)
    .option('--exclude-cluster-scoped-resources <names>', 'of the cluster, not these', collectIds)
    .option('--include-namespace-scoped-resources <names>', 'in namespaces, these', collectIds)
    .option('--exclude-namespace-scoped-resources <names>', 'in namespaces, not these', collectIds)
    .option('-l, --selector <labels>', 'only objects with these labels: app=web,tier!=cache')
    .option('--or-selector <labels>', 'objects that match one of several selectors, separated by " or "')
    .option('--ordered-resources <order>', 'what is taken first: pods=ns/a,ns/b;persistentvolumes=x');
}

/** From `key=value` of an option that may be repeated. Throws `UserError`. */
export function toPairs(list: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    list.map((each) => {
      const at = each.indexOf('=');
      if (at < 1) throw invalidOption(`"${each}" is not a key and a value`, 'Write KEY=VALUE.');
      return [each.slice(0, at), each.slice(at + 1)];
    }),
  );
}

function order(text: string | undefined): Record<string, string> | undefined {
  return text === undefined ? undefined : toPairs(text.split(';'));
}

/** Only what was given: a file's words stay where the line says nothing. */
export function toSelection(flags: SelectionFlags): JsonObject {
  const selection: Record<string, unknown> = {
    includedNamespaces: flags.includeNamespaces,
    excludedNamespaces: flags.excludeNamespaces,
    includedResources: flags.includeResources,
    excludedResources: flags.excludeResources,
    includeClusterResources: parseTruth('--include-cluster-resources', flags.includeClusterResources),
    includedClusterScopedResources: flags.includeClusterScopedResources,
    excludedClusterScopedResources: flags.excludeClusterScopedResources,
    includedNamespaceScopedResources: flags.includeNamespaceScopedResources,
    excludedNamespaceScopedResources: flags.excludeNamespaceScopedResources,
    labelSelector: flags.selector === undefined ? undefined : toLabelSelector(flags.selector),
    orLabelSelectors: flags.orSelector?.split(/\s+or\s+/).map(toLabelSelector),
    orderedResources: order(flags.orderedResources),
  };
  return Object.fromEntries(Object.entries(selection).filter(([, value]) => value !== undefined)) as JsonObject;
}

/** Milliseconds of `--ttl`. Throws `UserError`. */
export function toLifetime(text: string | undefined): number | undefined {
  return text === undefined ? undefined : toMilliseconds(text, 1);
}
