// Resource policies as Velero has them: which volumes are saved how, and which resources. Read strictly: a condition that is misspelt would hold for every volume.

import type * as z from 'zod';
import { LineIndex, parseYaml, PositionTree } from '../../kube/yaml/index.ts';
import { type Path, UserError } from '../../model/index.ts';
import { parseCapacity } from './capacity.ts';
import { findFilterFaults } from './check-filters.ts';
import { matchesVolume, type VolumeFacts } from './match-volume.ts';
import { type IncludeExcludePolicy, type PolicyAction, type PolicyFile, policyFile } from './policy-schema.ts';
import type { FilterPolicies } from './resolve-filters.ts';

/** What the first policy that means a volume says of it. */
export interface PolicyVerdict {
  readonly action: PolicyAction;
  /** `volumePolicies[2] of policies.yaml:14`. */
  readonly where: string;
}

export interface ResourcePolicies {
  readonly volumePolicies: readonly {
    readonly verdict: PolicyVerdict;
    readonly matches: (facts: VolumeFacts) => boolean;
  }[];
  readonly includeExclude: IncludeExcludePolicy | undefined;
  /** Filters of single kinds, where there are some. */
  readonly filters: FilterPolicies | undefined;
}

class PolicyText {
  private readonly source: string;
  private readonly text: string;

  constructor(text: string, source: string) {
    this.text = text;
    this.source = source;
  }

  lineOf(path: Path): number {
    return this.line(new PositionTree(this.text).locate(0, path).offset);
  }

  line(offset: number): number {
    return new LineIndex(this.text).at(offset).line;
  }

  wrong(line: number, what: string): UserError {
    const advice = "Write them as for Velero's --resource-policies-configmap: version: v1, volumePolicies.";
    return new UserError('invalid-policies', `${this.source}:${line} ${what}`, advice);
  }

  wrongAt(path: Path, what: string): UserError {
    return this.wrong(this.lineOf(path), `${path.join('.')} ${what}`.trimStart());
  }
}

function pathOf(issue: z.core.$ZodIssue): Path {
  const path = issue.path.map((step) => (typeof step === 'number' ? step : String(step)));
  return issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path;
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'is no key of resource policies';
  if (issue.code === 'invalid_value') return `must be one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_union') return 'must be a text';
  if (issue.code === 'invalid_type' && issue.message.endsWith('undefined')) return 'is missing';
  return issue.message.replace('Invalid input: ', '');
}

function parseValue(place: PolicyText, content: string): unknown {
  const result = parseYaml(content);
  if (!result.ok) throw place.wrong(place.line(result.failure.offset), result.failure.reason);
  const [value = null, ...others] = result.parsed.values;
  if (others.length === 0) return value;
  throw place.wrong(1, 'holds several documents');
}

function checkLists(place: PolicyText, policy: IncludeExcludePolicy): void {
  for (const scope of ['ClusterScopedResources', 'NamespaceScopedResources'] as const) {
    const excluded = policy[`excluded${scope}`] ?? [];
    const at = excluded.findIndex((name) => (policy[`included${scope}`] ?? []).includes(name));
    if (at >= 0) throw place.wrongAt(['includeExcludePolicy', `excluded${scope}`, at], 'is included too');
  }
}

function filtersOf(place: PolicyText, file: PolicyFile): FilterPolicies | undefined {
  const [fault] = findFilterFaults(file);
  if (fault !== undefined) throw place.wrongAt(fault.path, fault.what);
  const { clusterScopedFilterPolicy, namespacedFilterPolicies } = file;
  const isEmpty = !clusterScopedFilterPolicy && (namespacedFilterPolicies ?? []).length === 0;
  return isEmpty ? undefined : { clusterScopedFilterPolicy, namespacedFilterPolicies };
}

/** From YAML or JSON. Throws `UserError` with the line of what is wrong. */
export function parsePolicies(content: string, source: string): ResourcePolicies {
  const place = new PolicyText(content, source);
  const parsed = policyFile.safeParse(parseValue(place, content));
  const [issue] = parsed.error?.issues ?? [];
  if (!parsed.success)
    throw place.wrongAt(issue === undefined ? [] : pathOf(issue), issue === undefined ? '' : reasonOf(issue));
  const { volumePolicies, includeExcludePolicy } = parsed.data;
  if (includeExcludePolicy) checkLists(place, includeExcludePolicy);
  return {
    includeExclude: includeExcludePolicy ?? undefined,
    filters: filtersOf(place, parsed.data),
    volumePolicies: (volumePolicies ?? []).map(({ conditions: given, action }, index) => {
      const conditions = given ?? {};
      const capacity = parseCapacity(conditions.capacity ?? '');
      if (typeof capacity === 'string')
        throw place.wrongAt(['volumePolicies', index, 'conditions', 'capacity'], capacity);
      const where = `volumePolicies[${index}] of ${source}:${place.lineOf(['volumePolicies', index])}`;
      const ready = { conditions, capacity };
      return { verdict: { action: action.type, where }, matches: (facts) => matchesVolume(ready, facts) };
    }),
  };
}

/** The first policy that means the volume decides; `undefined` where none does. */
export function findPolicy({ volumePolicies }: ResourcePolicies, facts: VolumeFacts): PolicyVerdict | undefined {
  return volumePolicies.find(({ matches }) => matches(facts))?.verdict;
}
