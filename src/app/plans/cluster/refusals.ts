// Why a change of a cluster is not in the plan: refused by the server, held by others, or not for a plan.

import { ApiError, type MissingRule } from '../../../api/index.ts';
import { ownerOfRefusal, readRefusal, type RefusalKind } from '../../../compare/index.ts';
import { describeManager } from '../../../kube/live/reconcilers.ts';
import { asString, type ObjectRef, type Owner, UserError } from '../../../model/index.ts';
import type { FieldConflict } from '../../../targets/index.ts';

/** A conflict, with who that is and what they do next. */
export interface ToldConflict extends FieldConflict {
  readonly who: string;
  readonly next: string;
}

/** A change that is not in the plan, and why. */
export interface RefusedStep {
  readonly object: ObjectRef;
  readonly title: string;
  readonly owner: Owner;
  readonly closes: readonly string[];
  /** `conflict`: others hold the fields; `after`: it needs a step that was refused; `made`: another object's controller makes it; `kept`: it is not for a plan to delete. */
  readonly kind: RefusalKind | 'conflict' | 'after' | 'changed' | 'secret' | 'made' | 'kept';
  /** The server's own words, or ours. */
  readonly message: string;
  readonly conflicts: readonly ToldConflict[];
  /** Where RBAC refused: the smallest rule that would allow it. */
  readonly rule?: MissingRule;
}

export function nameOf({ kind, namespace, name }: ObjectRef): string {
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

export class Refusal extends Error {
  readonly facts: Pick<RefusedStep, 'kind' | 'owner' | 'message'> & Partial<RefusedStep>;

  constructor(facts: Refusal['facts']) {
    super(facts.message);
    this.facts = facts;
  }
}

/** A count of replicas that an autoscaler writes is not for us to change. */
function tellConflict({ manager, field }: FieldConflict): ToldConflict {
  if (field.endsWith('.replicas') && /controller|autoscaler/.test(manager))
    return {
      manager,
      field,
      who: 'an autoscaler',
      next: 'sets the count again within seconds: change its limits instead',
    };
  const { who, next } = describeManager(manager);
  return { manager, field, who, next };
}

export function conflictRefusal(conflicts: readonly FieldConflict[]): Refusal {
  const managers = [...new Set(conflicts.map(({ manager }) => manager))];
  return new Refusal({
    kind: 'conflict',
    owner: 'developer',
    message: `${managers.join(', ')} holds ${conflicts.length === 1 ? 'the field' : 'fields'} with another value`,
    conflicts: conflicts.map(tellConflict),
  });
}

export function readRefused(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!(error instanceof UserError)) throw error;
  if (error.code === 'plan-changed')
    return new Refusal({ kind: 'changed', owner: 'developer', message: error.message });
  if (!(error instanceof ApiError)) {
    const kind = error.code === 'unknown-resource' ? 'kind-missing' : 'failed';
    return new Refusal({ kind, owner: ownerOfRefusal[kind], message: error.message });
  }
  const { status, answer, missingRule: rule } = error;
  const message = asString(answer['message']) ?? error.message;
  const kind = readRefusal({ status, message, isRbac: rule !== undefined, isServedOtherwise: false });
  return new Refusal({ kind, owner: ownerOfRefusal[kind], message, ...(rule === undefined ? {} : { rule }) });
}
