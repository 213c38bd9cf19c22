// A list that cannot be made leaves a gap in a backup: what is told of it, and by which right it would close.

import { ApiError, type MissingRule } from '../../api/index.ts';
import { UserError } from '../../model/index.ts';

/** Something that should be in the backup and is not, or may not be. */
export interface CollectProblem {
  readonly severity: 'error' | 'warning';
  /** '' for one of the cluster. */
  readonly namespace: string;
  readonly message: string;
  /** The kind of a list that was not made: `deployments.apps`. */
  readonly notListed?: string;
  /** The smallest rule that would permit what was refused. */
  readonly missingRule?: MissingRule;
}

/** Only a cluster that is gone, or a bug, ends a backup. */
export function isGap(error: unknown): error is UserError {
  return error instanceof UserError && error.code !== 'cluster-unreachable';
}

/** The rule for a problem where a refusal names one. */
export function withRule(error: UserError): Pick<CollectProblem, 'missingRule'> {
  const rule = error instanceof ApiError ? error.missingRule : undefined;
  return rule === undefined ? {} : { missingRule: rule };
}

/** Of a list that was to be made of a kind; '' where it was one of the whole cluster. */
export function gapOf(groupResource: string, namespace: string, error: UserError): CollectProblem {
  return {
    severity: 'error',
    namespace,
    message: `${groupResource} could not be listed: ${error.message}`,
    notListed: groupResource,
    ...withRule(error),
  };
}
