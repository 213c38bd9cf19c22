// A need: one call of the API that somebody makes, as Kubernetes asks its authorizer for it, and how we know.

import type { AccessRequest } from '../../kube/rbac-authorizer.ts';
import { resourceText } from '../../kube/rbac.ts';

export type Need = AccessRequest;
export type ResourceNeed = Exclude<Need, { readonly url: string }>;

/** A place in the user's files that calls the API. */
export interface DeclaredSource {
  /** `command "kubectl" of container "web"`. */
  readonly what: string;
  readonly file: string;
  readonly line: number;
}

/** A need with the events and the declarations that show it. */
export interface NeedUse {
  readonly need: Need;
  /** 0 where it is only declared. */
  readonly events: number;
  /** Milliseconds since 1970. */
  readonly first?: number;
  readonly last?: number;
  readonly declared: readonly DeclaredSource[];
}

export function isResourceNeed(need: Need): need is ResourceNeed {
  return !('url' in need);
}

export function needKey(need: Need): string {
  if (!isResourceNeed(need)) return `${need.verb} ${need.url}`;
  const { verb, group, resource, subresource = '', namespace, name = '' } = need;
  return `${verb}|${group}|${resource}|${subresource}|${namespace}|${name}`;
}

/**
 * Whether a rule can say exactly this. `*` in a rule means everything, so that a request for something of that name, which nothing
 * serves, can be granted by no rule that is not far wider.
 */
export function isExpressible(need: Need): boolean {
  if (!isResourceNeed(need)) return need.verb !== '*' && !need.url.includes('*');
  const { verb, group, resource, subresource = '' } = need;
  return ![verb, group, resource, subresource].some((each) => each.includes('*'));
}

/** `get pods "web" in shop`, `list nodes`, `get /metrics`. */
export function needText(need: Need): string {
  if (!isResourceNeed(need)) return `${need.verb} ${need.url}`;
  const { verb, namespace, name } = need;
  const named = name === undefined ? '' : ` "${name}"`;
  return `${verb} ${resourceText(need)}${named}${namespace === '' ? '' : ` in ${namespace}`}`;
}

/** Needs of one subject, each once, with all that shows it. */
export function joinUses(uses: readonly NeedUse[]): NeedUse[] {
  const joined = new Map<string, NeedUse>();
  for (const use of uses) {
    const key = needKey(use.need);
    const known = joined.get(key);
    joined.set(key, known === undefined ? use : joinTwo(known, use));
  }
  return [...joined.values()];
}

function joinTwo(a: NeedUse, b: NeedUse): NeedUse {
  const first = earliest(a.first, b.first);
  const last = latest(a.last, b.last);
  return {
    need: a.need,
    events: a.events + b.events,
    ...(first === undefined ? {} : { first }),
    ...(last === undefined ? {} : { last }),
    declared: [...a.declared, ...b.declared],
  };
}

export function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}

export function latest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.max(a, b);
}
