// ValidatingAdmissionPolicies as the API server evaluates them: rules, conditions, variables and validations over one request.

import { type CelValue, type CompiledExpression, compileExpression, toCel } from '../cel/expression.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';

/** A write as admission sees it: after defaults were filled in, before it is stored. */
export interface AdmissionRequest {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural; with its subresource as in rules: `pods`, `pods/ephemeralcontainers`. */
  readonly resource: string;
  readonly operation: 'CREATE' | 'UPDATE';
  /** Empty for objects outside of namespaces. */
  readonly namespace: string;
  readonly username: string;
  readonly object: JsonObject;
  /** What is stored now; only for an update. */
  readonly oldObject?: JsonObject;
}

/** `skipped`: the policy is not about this request. `broken`: an expression failed, and `failurePolicy` decides. */
export type AdmissionAnswer =
  | { readonly verdict: 'skipped' | 'admitted' }
  | { readonly verdict: 'refused' | 'broken'; readonly messages: readonly string[] };

export interface AdmissionPolicy {
  readonly name: string;
  readonly judge: (request: AdmissionRequest) => AdmissionAnswer;
}

interface Named {
  readonly name: string;
  readonly expression: CompiledExpression;
}

interface Validation {
  readonly expression: CompiledExpression;
  readonly messageExpression: CompiledExpression | undefined;
  readonly message: string;
}

type Scope = Readonly<Record<string, CelValue>>;

function covers(list: readonly unknown[], asked: string): boolean {
  return list.includes('*') || list.includes(asked);
}

/** `pods` is not `pods/status`; `*` is every resource without its subresources, and `*` + `/*` all of both. */
function coversResource(list: readonly unknown[], resource: string): boolean {
  const [name = '', subresource] = resource.split('/');
  if (list.includes('*/*') || list.includes(resource)) return true;
  if (subresource === undefined) return list.includes('*');
  return list.includes(`${name}/*`) || list.includes(`*/${subresource}`);
}

function matchesRule(item: JsonObject, { group, version, resource, operation }: AdmissionRequest): boolean {
  return (
    covers(asArray(item['operations']), operation) &&
    covers(asArray(item['apiGroups']), group) &&
    covers(asArray(item['apiVersions']), version) &&
    coversResource(asArray(item['resources']), resource)
  );
}

function compile(source: unknown, what: string): CompiledExpression {
  return compileExpression(asString(source) ?? '', what);
}

function compileNamed(list: unknown, what: string): Named[] {
  return asArray(list).map((item) => {
    const { name, expression } = asObject(item);
    const text = asString(name) ?? '';
    return { name: text, expression: compile(expression, `${what} ${text}`) };
  });
}

function compileValidations(list: unknown, what: string): Validation[] {
  return asArray(list).map((item) => {
    const { expression, message, messageExpression } = asObject(item);
    const told = messageExpression === undefined ? undefined : compile(messageExpression, `${what}: message`);
    return {
      expression: compile(expression, what),
      messageExpression: told,
      message: asString(message) ?? `failed expression: ${asString(expression) ?? ''}`,
    };
  });
}

/** An object is judged by many policies. */
const converted = new WeakMap<JsonObject, CelValue>();

function celObject(object: JsonObject): CelValue {
  const known = converted.get(object);
  if (known !== undefined) return known;
  const value = toCel(object);
  converted.set(object, value);
  return value;
}

function scopeOf(request: AdmissionRequest): Scope {
  const { group, version, kind, resource, operation, namespace, username, object, oldObject } = request;
  const [name = '', subResource = ''] = resource.split('/');
  const described = {
    kind: { group, version, kind },
    resource: { group, version, resource: name },
    subResource,
    operation,
    namespace,
    name: asString(asObject(object['metadata'])['name']) ?? '',
    userInfo: { username },
  };
  const old = oldObject === undefined ? null : celObject(oldObject);
  return { object: celObject(object), oldObject: old, request: toCel(described) };
}

/** Variables are computed where they are used: one that fails is missing, and fails what asks for it. */
function withVariables(scope: Scope, variables: readonly Named[]): Scope {
  const values: Record<string, CelValue> = {};
  for (const { name, expression } of variables) {
    const result = expression.run({ ...scope, variables: values });
    if (result.ok) values[name] = result.value;
  }
  return { ...scope, variables: values };
}

/** Whether all conditions hold; a text where one cannot be computed. */
function conditionsHold(conditions: readonly Named[], scope: Scope): boolean | string {
  const results = conditions.map(({ name, expression }) => ({ name, result: expression.run(scope) }));
  if (results.some(({ result }) => result.ok && result.value !== true)) return false;
  const broken = results.find(({ result }) => !result.ok);
  return broken === undefined || broken.result.ok ? true : `condition ${broken.name}: ${broken.result.error}`;
}

function messageOf({ messageExpression, message }: Validation, scope: Scope): string {
  const told = messageExpression?.run(scope);
  return told?.ok === true && typeof told.value === 'string' && told.value.trim() !== '' ? told.value : message;
}

function validate(validations: readonly Validation[], scope: Scope): AdmissionAnswer {
  const results = validations.map((validation) => ({ validation, result: validation.expression.run(scope) }));
  const broken = results.flatMap(({ result }) => (result.ok ? [] : [result.error]));
  if (broken.length > 0) return { verdict: 'broken', messages: broken };
  const failed = results.filter(({ result }) => result.ok && result.value !== true);
  if (failed.length === 0) return { verdict: 'admitted' };
  return { verdict: 'refused', messages: failed.map(({ validation }) => messageOf(validation, scope)) };
}

/**
 * Compiles a ValidatingAdmissionPolicy (`admissionregistration.k8s.io/v1`, Kubernetes 1.30+) without parameters. Throws `UserError`
 * `invalid-expression` where CEL cannot read it. Bindings are not looked at: they say where a policy holds and what a refusal means.
 */
export function compileAdmissionPolicy(policy: JsonObject): AdmissionPolicy {
  const name = asString(asObject(policy['metadata'])['name']) ?? '';
  const spec = asObject(policy['spec']);
  const rules = asArray(asObject(spec['matchConstraints'])['resourceRules']).map(asObject);
  const conditions = compileNamed(spec['matchConditions'], `${name}: condition`);
  const variables = compileNamed(spec['variables'], `${name}: variable`);
  const validations = compileValidations(spec['validations'], name);
  return {
    name,
    judge: (request) => {
      if (!rules.some((item) => matchesRule(item, request))) return { verdict: 'skipped' };
      const scope = scopeOf(request);
      const hold = conditionsHold(conditions, scope);
      if (hold === false) return { verdict: 'skipped' };
      if (hold !== true) return { verdict: 'broken', messages: [hold] };
      return validate(validations, withVariables(scope, variables));
    },
  };
}
