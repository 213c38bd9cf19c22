// Guard rails as objects for a cluster: a ValidatingAdmissionPolicy for each check, and a binding that says where it holds and what a breach means.

import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { asString, type CheckMeta, type JsonObject } from '../../model/index.ts';
import { exemptionText, isAboutContainer, type RailException } from './exemption.ts';
import {
  celList,
  celText,
  type GuardRail,
  isPodKind,
  type RailKind,
  type RailOptions,
  type RailScope,
} from './guard-rail.ts';
import { hasTemplateText, podVariables, templateText } from './pod-variables.ts';

/** `watch` warns whoever writes and notes it in the audit log; `refuse` denies. */
export type RailAction = 'watch' | 'refuse';

export interface PolicyWish {
  readonly rail: GuardRail;
  readonly meta: Pick<CheckMeta, 'id' | 'title' | 'remediation'>;
  readonly options: RailOptions;
  /** Those about this check that still hold. */
  readonly exceptions: readonly RailException[];
  readonly action: RailAction;
  /** Where it holds; empty for all namespaces but Kubernetes' own. */
  readonly namespaces: readonly string[];
}

export interface RailPolicy {
  readonly policy: JsonObject;
  readonly binding: JsonObject;
}

/**
 * Accounts of the controllers that write pods, or the makers of pods, from what somebody wrote before: that was judged when it was written. Who
 * runs the controller manager without accounts of their own speaks as `system:kube-controller-manager`, and kubelets mirror files of their nodes.
 */
const controllers = [
  'clusterrole-aggregation-controller',
  'cronjob-controller',
  'daemon-set-controller',
  'deployment-controller',
  'job-controller',
  'replicaset-controller',
  'replication-controller',
  'statefulset-controller',
].map((name) => `system:serviceaccount:kube-system:${name}`);

const byPeople = `!(request.userInfo.username in ${celList(['system:kube-controller-manager', ...controllers])} || request.userInfo.username.startsWith('system:node:'))`;

/** What a path of a rail is in CEL; the pod template is in another place for each kind. */
function valueAt(path: string, object: string, kinds: readonly RailKind[]): string {
  if (path !== 'template') return `dyn(${object}).?${path.split('.').join('.?')}.orValue({})`;
  const template = templateText(object, kinds).replace(`? dyn(${object})\n`, `? dyn(${object}).spec\n`);
  return `(${template.replaceAll('\n', ' ')})`;
}

/** Updates that leave alone what is judged must go through: scaling, labels, finalizers, and the way out of what was there before. */
function changeCondition({ judged, kinds }: GuardRail): string {
  const changes = judged.map((path) => `${valueAt(path, 'object', kinds)} != ${valueAt(path, 'oldObject', kinds)}`);
  return ['oldObject == null', ...changes].join(' || ');
}

/** Objects of others may be without a template, as a Rollout that refers to a Deployment: there is nothing to judge. */
function templateCondition({ kinds, judged }: GuardRail): JsonObject[] {
  const custom = kinds.filter((each) => !isPodKind(each));
  if (custom.length === 0 || !judged.includes('template')) return [];
  const groups = new Set(custom.filter(({ place }) => place === undefined).map(({ group }) => group));
  return [{ name: 'has-pod-template', expression: hasTemplateText(custom, groups) }];
}

function matchConditions({ rail, exceptions }: PolicyWish): JsonObject[] {
  const whole = exceptions.filter((exception) => !isAboutContainer(exception)).map(exemptionText);
  return [
    ...(rail.judged.length === 0 ? [] : [{ name: 'changes-what-is-judged', expression: changeCondition(rail) }]),
    { name: 'not-by-controller', expression: byPeople },
    ...templateCondition(rail),
    ...(whole.length === 0
      ? []
      : [{ name: 'not-excepted', expression: `!(${whole.map((text) => `(${text})`).join(' || ')})` }]),
  ];
}

interface Rule {
  readonly over: RailScope;
  readonly good: string;
}

/** Names of the containers that break the rule. */
function offenders({ over, good }: Rule, exceptions: readonly RailException[]): string {
  const spared = exceptions.filter(isAboutContainer).map((exception) => ` && !(${exemptionText(exception)})`);
  return `variables.${over}.filter(container, !(${good})${spared.join('')}).map(container, container.name)`;
}

function messageOf({ title, remediation, id }: PolicyWish['meta'], broken: string | undefined): JsonObject {
  const advice = `${remediation} (nowwhat explain ${id})`;
  if (broken === undefined) return { message: `${title}. ${advice}` };
  return {
    messageExpression: `${celText(`${title}. Not so in `)} + variables.${broken}.join(', ') + ${celText(`. ${advice}`)}`,
  };
}

interface Parts {
  readonly variables: Readonly<Record<string, string>>;
  readonly validations: readonly JsonObject[];
}

function partsOf(wish: PolicyWish, rules: readonly Rule[]): Parts {
  const variables: Record<string, string> = {};
  const validations = rules.map((rule) => {
    if (rule.over === 'object') return { expression: rule.good, ...messageOf(wish.meta, undefined) };
    variables['broken'] = offenders(rule, wish.exceptions);
    return { expression: 'variables.broken.size() == 0', ...messageOf(wish.meta, 'broken') };
  });
  return { variables, validations };
}

const variableUse = /\bvariables\.([a-zA-Z]+)/g;

function usesIn(text: string): string[] {
  return [...text.matchAll(variableUse)].map(([, name = '']) => name);
}

/** The variables that these texts use, directly or through another one, in the order of the table. */
function usedVariables(texts: readonly string[], table: Readonly<Record<string, string>>): JsonObject[] {
  const used = new Set<string>();
  const add = (name: string): void => {
    const text = table[name];
    if (used.has(name) || text === undefined) return;
    used.add(name);
    usesIn(text).forEach(add);
  };
  texts.flatMap(usesIn).forEach(add);
  return Object.entries(table)
    .filter(([name]) => used.has(name))
    .map(([name, expression]) => ({ name, expression }));
}

function resourceRule(kinds: readonly RailKind[], operations: readonly string[]): JsonObject {
  const distinct = (values: readonly string[]): string[] => [...new Set(values)];
  return {
    apiGroups: distinct(kinds.map(({ group }) => group)),
    apiVersions: distinct(kinds.map(({ version }) => version)),
    operations,
    resources: kinds.map(({ resource }) => resource),
  };
}

/** One rule for each group and version: a rule is about every combination of what it lists. */
function resourceRules({ kinds, judged, rules }: GuardRail): JsonObject[] {
  const operations = judged.length === 0 ? ['CREATE'] : ['CREATE', 'UPDATE'];
  const groups = [...new Set(kinds.map(({ group, version }) => `${group}/${version}`))];
  const main = groups.map((key) =>
    resourceRule(
      kinds.filter(({ group, version }) => `${group}/${version}` === key),
      operations,
    ),
  );
  const debugs = rules.some(({ over }) => over === 'containers') && kinds.some(isPodKind);
  const debugging = { group: '', version: 'v1', kind: 'Pod', resource: 'pods/ephemeralcontainers' };
  return debugs ? [...main, resourceRule([debugging], ['UPDATE'])] : main;
}

function namespaceSelector(namespaces: readonly string[]): JsonObject {
  const [operator, values] =
    namespaces.length === 0 ? ['NotIn', [...systemNamespaces].sort()] : ['In', [...namespaces].sort()];
  return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator, values }] };
}

const partOf = { 'app.kubernetes.io/part-of': 'nowwhat-guard-rails' };

function bindingOf(name: string, { action, namespaces }: PolicyWish): JsonObject {
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: { name, labels: partOf },
    spec: {
      policyName: name,
      validationActions: action === 'refuse' ? ['Deny'] : ['Warn', 'Audit'],
      matchResources: { namespaceSelector: namespaceSelector(namespaces) },
    },
  };
}

function exceptionNotes(exceptions: readonly RailException[]): Record<string, string> {
  if (exceptions.length === 0) return {};
  const lines = exceptions.map(
    ({ subject, owner, until, reason }) => `${subject}: ${owner}, until ${until}: ${reason}`,
  );
  return { 'nowwhat.dev/exceptions': lines.join('; ') };
}

/** The rules with their texts; `undefined` where the options leave one of them without sense. */
function settle({ rules }: GuardRail, options: RailOptions): Rule[] | undefined {
  const settled = rules.flatMap(({ over, good }) => {
    const text = typeof good === 'string' ? good : good(options);
    return text === undefined ? [] : [{ over, good: text }];
  });
  return settled.length === rules.length ? settled : undefined;
}

export function policyName({ check, suffix = '' }: Pick<GuardRail, 'check' | 'suffix'>): string {
  return `nowwhat-${check}${suffix}`;
}

/** The two objects of a rail, for `admissionregistration.k8s.io/v1` (Kubernetes 1.30+); `undefined` where the options leave it without sense. */
export function assemblePolicies(wish: PolicyWish): RailPolicy | undefined {
  const { rail, meta, options } = wish;
  const rules = settle(rail, options);
  if (rules === undefined) return undefined;
  const name = policyName(rail);
  const { variables, validations } = partsOf(wish, rules);
  const isAboutPods = rail.kinds.some((each) => isPodKind(each) || each.place !== undefined);
  const shared = isAboutPods ? podVariables(rail.kinds, options) : {};
  const table = { ...shared, ...rail.variables, ...variables };
  const texts = validations.flatMap(({ expression, messageExpression }) => [
    asString(expression) ?? '',
    asString(messageExpression) ?? '',
  ]);
  const used = usedVariables(texts, table);
  const policy = {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: {
      name,
      labels: partOf,
      annotations: { 'nowwhat.dev/check': meta.id, ...exceptionNotes(wish.exceptions) },
    },
    spec: {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: resourceRules(rail) },
      matchConditions: matchConditions(wish),
      ...(used.length === 0 ? {} : { variables: used }),
      validations,
    },
  };
  return { policy, binding: bindingOf(name, wish) };
}
