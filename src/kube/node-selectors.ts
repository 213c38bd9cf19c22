// Which nodes a NodeSelector (node affinity) accepts, as the scheduler decides it.

import { asArray, isJsonObject, type Json, type JsonObject } from '../model/index.ts';
import { readRequirement, type Requirement, requirementProblem, selectorOf } from './selectors.ts';

export interface NodeSelector {
  readonly matches: (labels: JsonObject | undefined, nodeName: string) => boolean;
  /** First reason why a term is invalid; that term matches no node, the others still count. */
  readonly invalid?: string;
}

type Term = (labels: JsonObject | undefined, nodeName: string) => boolean;

const expressionOperators: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt']);
const fieldOperators: ReadonlySet<string> = new Set(['In', 'NotIn']);
const nameField = 'metadata.name';

function fieldProblem({ key, values }: Requirement): string | undefined {
  if (values.length !== 1) return `matchFields: key "${key}": values must have one element`;
  return key === nameField ? undefined : `matchFields: key "${key}" is not supported, only ${nameField}`;
}

function readRequirements(list: Json | undefined, operators: ReadonlySet<string>): Requirement[] | string {
  const requirements: Requirement[] = [];
  for (const raw of asArray(list)) {
    const requirement = readRequirement(raw, operators);
    if (typeof requirement === 'string') return requirement;
    requirements.push(requirement);
  }
  return requirements;
}

function compileTerm(expressionsRaw: Json | undefined, fieldsRaw: Json | undefined): Term | string {
  const expressions = readRequirements(expressionsRaw, expressionOperators);
  if (typeof expressions === 'string') return `matchExpressions: ${expressions}`;
  const fields = readRequirements(fieldsRaw, fieldOperators);
  if (typeof fields === 'string') return `matchFields: ${fields}`;
  const problem = expressions.map(requirementProblem).concat(fields.map(fieldProblem)).find(Boolean);
  if (problem !== undefined) return problem;
  const selector = selectorOf(expressions);
  return (labels, nodeName) =>
    selector.matches(labels) &&
    fields.every(({ operator, values }) => (values[0] === nodeName) === (operator === 'In'));
}

/**
 * A `NodeSelector`: its terms are alternatives, the conditions inside a term must all hold, and a term without
 * conditions matches no node. Source: k8s.io/component-helpers scheduling/corev1/nodeaffinity.
 */
export function compileNodeSelector(nodeSelector: Json | undefined): NodeSelector {
  const terms: Term[] = [];
  let invalid: string | undefined;
  const rawTerms = isJsonObject(nodeSelector) ? nodeSelector['nodeSelectorTerms'] : undefined;
  for (const raw of asArray(rawTerms)) {
    if (!isJsonObject(raw)) continue;
    const { matchExpressions, matchFields } = raw;
    if (asArray(matchExpressions).length + asArray(matchFields).length === 0) continue;
    const term = compileTerm(matchExpressions, matchFields);
    if (typeof term === 'string') invalid ??= term;
    else terms.push(term);
  }
  const matches: Term = (labels, nodeName) => terms.some((term) => term(labels, nodeName));
  return invalid === undefined ? { matches } : { matches, invalid };
}
