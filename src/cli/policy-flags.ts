// Options about the resource policies of a backup or restore, and what they mean.

import type { Command } from 'commander';
import type { PolicySource } from '../app/backups/resource-policies.ts';
import { UserError } from '../model/index.ts';

export interface PolicyFlags {
  readonly resourcePolicies?: string;
  readonly resourcePoliciesConfigmap?: string;
}

const ofBackups = "which volumes are saved how, and which resources: Velero's resource policies";

export function addPolicyOptions(command: Command, meaning = ofBackups): Command {
  return command
    .option('--resource-policies <file>', meaning)
    .option('--resource-policies-configmap <name>', 'the same in a ConfigMap: NAME beside Velero, or NAMESPACE/NAME');
}

/** The line goes before `fromFile`, the ConfigMap that a Velero `Backup` names. Throws `UserError`. */
export function toPolicySource(
  { resourcePolicies, resourcePoliciesConfigmap }: PolicyFlags,
  fromFile?: string,
): PolicySource | undefined {
  if (resourcePolicies !== undefined && resourcePoliciesConfigmap !== undefined)
    throw new UserError(
      'invalid-option',
      'policies come from a file or from a ConfigMap',
      'Name one of --resource-policies and --resource-policies-configmap.',
    );
  if (resourcePolicies !== undefined) return { file: resourcePolicies };
  const configMap = resourcePoliciesConfigmap ?? fromFile;
  return configMap === undefined ? undefined : { configMap };
}
