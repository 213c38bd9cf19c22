// Label selectors exactly as Kubernetes evaluates them: of workloads and policies (LabelSelector) and of Services (a map).

import { asArray, isJsonObject, type Json, type JsonObject } from '../model/index.ts';
import { labelKeyProblem, labelValueProblem } from './names.ts';

export type SelectorOperator = 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';

/** One condition on one label; all of a selector's requirements must hold. Equality is `In` with one value. */
export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  readonly values: readonly string[];
}

export interface Selector {
  /** Labels as they stand in an object; a value that is not text counts as absent, since the API would refuse it. */
  readonly matches: (labels: JsonObject | undefined) => boolean;
  /** True where there is no requirement and everything matches. */
  readonly isEmpty: boolean;
  /** True where nothing can match: no selector was given, or it is invalid. */
  readonly matchesNothing: boolean;
  /** Sorted by key. */
  readonly requirements: readonly Requirement[];
  /** Label pairs that every match must carry: for look-ups in an index. */
  readonly requiredPairs: readonly (readonly [key: string, value: string])[];
  /** Why the API would refuse the selector; such a selector matches nothing. */
  readonly invalid?: string;
}

const labelSelectorOperators: ReadonlySet<string> = new Set(['In', 'NotIn', 'Exists', 'DoesNotExist']);

/** A decimal int64 as Go's strconv.ParseInt reads it, or `undefined`. */
function parseInt64(text: string): bigint | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

interface OperatorMeaning {
  /** Whether the values may be given like this, and what is needed where they may not. */
  readonly takes: (values: readonly string[]) => boolean;
  readonly needs: string;
  readonly holds: (actual: string | undefined, values: readonly string[]) => boolean;
  readonly format: (key: string, values: readonly string[]) => string;
}

const first = (values: readonly string[]): string => values[0] ?? '';
const isOneInteger = (values: readonly string[]): boolean =>
  values.length === 1 && parseInt64(first(values)) !== undefined;

function formatSet(values: readonly string[], equality: string, membership: string): string {
  return values.length === 1 ? `${equality}${first(values)}` : ` ${membership} (${values.toSorted().join(',')})`;
}

/** How an actual integer stands to the limit: negative, 0, positive, or `undefined` where one of them is no integer. */
function compareIntegers(actual: string | undefined, values: readonly string[]): number | undefined {
  const left = parseInt64(actual ?? '');
  const right = parseInt64(first(values));
  if (left === undefined || right === undefined) return undefined;
  return left === right ? 0 : left < right ? -1 : 1;
}

const meanings: Readonly<Record<SelectorOperator, OperatorMeaning>> = {
  In: {
    takes: (values) => values.length > 0,
    needs: 'at least one value',
    holds: (actual, values) => actual !== undefined && values.includes(actual),
    format: (key, values) => key + formatSet(values, '=', 'in'),
  },
  NotIn: {
    takes: (values) => values.length > 0,
    needs: 'at least one value',
    holds: (actual, values) => actual === undefined || !values.includes(actual),
    format: (key, values) => key + formatSet(values, '!=', 'notin'),
  },
  Exists: {
    takes: (values) => values.length === 0,
    needs: 'no values',
    holds: (actual) => actual !== undefined,
    format: (key) => key,
  },
  DoesNotExist: {
    takes: (values) => values.length === 0,
    needs: 'no values',
    holds: (actual) => actual === undefined,
    format: (key) => `!${key}`,
  },
  Gt: {
    takes: isOneInteger,
    needs: 'exactly one whole number',
    holds: (actual, values) => compareIntegers(actual, values) === 1,
    format: (key, values) => `${key}>${first(values)}`,
  },
  Lt: {
    takes: isOneInteger,
    needs: 'exactly one whole number',
    holds: (actual, values) => compareIntegers(actual, values) === -1,
    format: (key, values) => `${key}<${first(values)}`,
  },
};

/**
 * Why Kubernetes would refuse a requirement, or `undefined`.
 * Source: k8s.io/apimachinery pkg/labels, NewRequirement.
 */
export function requirementProblem({ key, operator, values }: Requirement): string | undefined {
  const keyProblem = labelKeyProblem(key);
  if (keyProblem !== undefined) return `key "${key}": ${keyProblem}`;
  const { takes, needs } = meanings[operator];
  if (!takes(values)) return `key "${key}": operator ${operator} needs ${needs}`;
  for (const value of values) {
    const problem = labelValueProblem(value);
    if (problem !== undefined) return `key "${key}": value "${value}" ${problem}`;
  }
  return undefined;
}

function requirementHolds({ key, operator, values }: Requirement, labels: JsonObject): boolean {
  const found = Object.hasOwn(labels, key) ? labels[key] : undefined;
  return meanings[operator].holds(typeof found === 'string' ? found : undefined, values);
}

const noLabels: JsonObject = {};

/** A selector of valid requirements; none means everything. Callers have checked them with `requirementProblem`. */
export function selectorOf(requirements: readonly Requirement[]): Selector {
  const sorted = requirements.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  return {
    matches: (labels = noLabels) => sorted.every((requirement) => requirementHolds(requirement, labels)),
    isEmpty: sorted.length === 0,
    matchesNothing: false,
    requirements: sorted,
    requiredPairs: sorted.flatMap(({ key, operator, values }) => {
      const [only] = values;
      return operator === 'In' && values.length === 1 && only !== undefined ? [[key, only] as const] : [];
    }),
  };
}

/** The selector that matches nothing, with the reason where it is nothing because it is invalid. */
export function nothingSelector(invalid?: string): Selector {
  const nothing = { matches: () => false, isEmpty: false, matchesNothing: true, requirements: [], requiredPairs: [] };
  return invalid === undefined ? nothing : { ...nothing, invalid };
}

interface Reading {
  readonly requirements: Requirement[];
  problem?: string | undefined;
}

function addRequirement(reading: Reading, requirement: Requirement): void {
  reading.requirements.push(requirement);
  reading.problem ??= requirementProblem(requirement);
}

function readPairs(reading: Reading, pairs: Json | undefined, field: string): void {
  if (pairs === undefined || pairs === null) return;
  if (!isJsonObject(pairs)) {
    reading.problem ??= `${field} must be a mapping`;
    return;
  }
  for (const [key, value] of Object.entries(pairs)) {
    if (typeof value === 'string') addRequirement(reading, { key, operator: 'In', values: [value] });
    // A null in a map of strings is read as the empty string.
    else if (value === null) addRequirement(reading, { key, operator: 'In', values: [''] });
    else reading.problem ??= `${field}: the value of "${key}" must be a string`;
  }
}

/** A requirement as an object spells it, or the reason why it is none. Values are not looked at closer. */
export function readRequirement(raw: Json, operators: ReadonlySet<string>): Requirement | string {
  if (!isJsonObject(raw)) return 'must be a mapping';
  const { key, operator, values } = raw;
  if (typeof key !== 'string') return 'key must be a string';
  if (typeof operator !== 'string' || !operators.has(operator)) {
    return `key "${key}": operator must be one of ${[...operators].join(', ')}`;
  }
  const list = asArray(values);
  const texts = list.filter((value) => typeof value === 'string');
  const isList = values === undefined || values === null || Array.isArray(values);
  if (!isList || texts.length !== list.length) return `key "${key}": values must be a list of strings`;
  return { key, operator: operator as SelectorOperator, values: texts };
}

function readExpressions(reading: Reading, expressions: Json | undefined): void {
  if (expressions === undefined || expressions === null) return;
  if (!Array.isArray(expressions)) {
    reading.problem ??= 'matchExpressions must be a list';
    return;
  }
  for (const raw of asArray(expressions)) {
    const requirement = readRequirement(raw, labelSelectorOperators);
    if (typeof requirement === 'string') reading.problem ??= `matchExpressions: ${requirement}`;
    else addRequirement(reading, requirement);
  }
}

/**
 * A `LabelSelector` (matchLabels and matchExpressions, all of which must hold). An empty one matches everything, a
 * missing one nothing. `NotIn` also matches where the label is absent.
 * Source: k8s.io/apimachinery pkg/apis/meta/v1, LabelSelectorAsSelector.
 */
export function compileSelector(labelSelector: Json | undefined): Selector {
  if (labelSelector === undefined || labelSelector === null) return nothingSelector();
  if (!isJsonObject(labelSelector)) return nothingSelector('a label selector must be a mapping');
  const reading: Reading = { requirements: [] };
  readPairs(reading, labelSelector['matchLabels'], 'matchLabels');
  readExpressions(reading, labelSelector['matchExpressions']);
  return reading.problem === undefined ? selectorOf(reading.requirements) : nothingSelector(reading.problem);
}

/**
 * The plain map of a Service or ReplicationController. An empty or missing map selects nothing: such a Service has no
 * endpoints of its own. Source: Service API, field `spec.selector`.
 */
export function compileEqualitySelector(map: Json | undefined): Selector {
  const reading: Reading = { requirements: [] };
  readPairs(reading, map, 'selector');
  if (reading.problem !== undefined) return nothingSelector(reading.problem);
  return reading.requirements.length === 0 ? nothingSelector() : selectorOf(reading.requirements);
}

/** The text for `kubectl -l`, sorted by key; empty for a selector without requirements. */
export function formatSelector(selector: Selector): string {
  return selector.requirements.map(({ key, operator, values }) => meanings[operator].format(key, values)).join(',');
}
