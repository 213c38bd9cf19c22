// Checks that users write themselves, in CEL: their shape, and how they become checks like the built-in ones.

import * as z from 'zod';
import { type CompiledExpression, compileExpression } from '../../kube/cel/expression.ts';
import { compileSelector } from '../../kube/selectors.ts';
import {
  asObject,
  type Json,
  type KubeObject,
  legs,
  levels,
  owners,
  type Path,
  severities,
  UserError,
} from '../../model/index.ts';
import { type Check, objectCheck } from '../check.ts';
import { readLabels } from '../../inventory/index.ts';

const text = z.string().min(1);

const customCheckSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'must be lower-case words joined by dashes'),
  title: text,
  leg: z.enum(legs),
  level: z.union(levels.map((each) => z.literal(each))),
  owner: z.enum(owners).default('developer'),
  severity: z.enum(severities).default('medium'),
  match: z.strictObject({
    kinds: z.array(text).min(1),
    namespaces: z.array(text).optional(),
    labels: z.record(z.string(), z.unknown()).optional(),
  }),
  variables: z.array(z.strictObject({ name: text, expression: text })).default([]),
  expression: text,
  message: text.optional(),
  messageExpression: text.optional(),
  path: z.string().optional(),
  remediation: text,
  minutes: z.number().int().positive().default(10),
  params: z.record(z.string(), z.unknown()).default({}),
});

type CustomCheck = z.infer<typeof customCheckSchema>;

interface Compiled {
  readonly expression: CompiledExpression;
  readonly message: CompiledExpression | undefined;
  readonly variables: readonly { readonly name: string; readonly expression: CompiledExpression }[];
}

function describe(issue: z.core.$ZodIssue | undefined): string {
  const field = (issue?.path ?? []).map(String).join('.');
  return `${field === '' ? '' : `${field}: `}${issue?.message ?? 'not valid'}`;
}

function compile({ id, expression, messageExpression, variables }: CustomCheck): Compiled {
  return {
    expression: compileExpression(expression, `customChecks ${id}: expression`),
    message:
      messageExpression === undefined
        ? undefined
        : compileExpression(messageExpression, `customChecks ${id}: messageExpression`),
    variables: variables.map(({ name, expression: source }) => ({
      name,
      expression: compileExpression(source, `customChecks ${id}: variable ${name}`),
    })),
  };
}

/** `Deployment`, `apps/Deployment` or `apps/v1/Deployment`. */
function matchesKind(pattern: string, { group, version, kind }: KubeObject): boolean {
  const parts = pattern.split('/');
  if (parts.at(-1) !== kind && parts.at(-1) !== '*') return false;
  if (parts.length === 1) return true;
  return parts[0] === group && (parts.length === 2 || parts[1] === version);
}

function matches({ match }: CustomCheck, object: KubeObject): boolean {
  if (!match.kinds.some((pattern) => matchesKind(pattern, object))) return false;
  if (match.namespaces !== undefined && !match.namespaces.includes(object.namespace)) return false;
  if (match.labels === undefined) return true;
  return compileSelector(asObject(match.labels)).matches(readLabels(asObject(object.raw['metadata'])['labels']));
}

interface Verdict {
  readonly good: boolean | undefined;
  readonly message: string;
  readonly evidence: string;
}

function evaluate(check: CustomCheck, compiled: Compiled, scope: Readonly<Record<string, Json>>): Verdict {
  const variables: Record<string, Json> = {};
  for (const { name, expression } of compiled.variables) {
    const result = expression.evaluate({ ...scope, variables });
    if (!result.ok)
      return {
        good: undefined,
        message: `${check.title}: variable ${name} cannot be computed`,
        evidence: result.error,
      };
    variables[name] = result.value;
  }
  const result = compiled.expression.evaluate({ ...scope, variables });
  if (!result.ok)
    return { good: undefined, message: `${check.title}: the expression cannot be computed`, evidence: result.error };
  const told = compiled.message?.evaluate({ ...scope, variables });
  const message = told?.ok === true && typeof told.value === 'string' ? told.value : (check.message ?? check.title);
  return { good: result.value === true, message, evidence: `${check.expression} is ${JSON.stringify(result.value)}` };
}

function toPath(text: string | undefined): Path {
  return (text ?? '')
    .split('.')
    .filter((step) => step !== '')
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** The namespace as CEL sees it: the object of the input, or one with only its name. */
function namespaceObject(object: KubeObject, found: KubeObject | undefined): Json {
  if (object.namespace === '') return null;
  return (
    found?.raw ?? {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: object.namespace, labels: { 'kubernetes.io/metadata.name': object.namespace } },
    }
  );
}

function toCheck(custom: CustomCheck): Check {
  const compiled = compile(custom);
  const { id, title, leg, level, owner, severity, remediation, minutes } = custom;
  const meta = { id, family: 'custom', title, leg, level, owner, severity, references: [], remediation, minutes };
  return objectCheck(meta, {
    kinds: ['*'],
    applies: (object) => matches(custom, object),
    find: (object, { inventory }) => {
      const namespace = inventory.find({ group: '', kind: 'Namespace', namespace: '', name: object.namespace });
      const scope = {
        object: object.raw,
        namespaceObject: namespaceObject(object, namespace),
        params: custom.params as Json,
      };
      const { good, message, evidence } = evaluate(custom, compiled, scope);
      if (good === true) return undefined;
      return {
        verdict: good === undefined ? 'unknown' : 'fail',
        message: `${object.kind} "${object.name}": ${message}`,
        path: toPath(custom.path),
        evidence,
      };
    },
  });
}

/** Checks from the list `customChecks` of nowwhat.yaml. Throws `UserError` that names the check and the field. */
export function parseCustomChecks(value: unknown, builtInIds: ReadonlySet<string>): Check[] {
  const list = z.array(z.unknown()).safeParse(value);
  if (!list.success)
    throw new UserError(
      'invalid-config',
      'customChecks is not a list',
      'Write one entry for each check; see docs/custom-checks.md.',
    );
  const seen = new Set<string>();
  return list.data.map((entry, index) => {
    const result = customCheckSchema.safeParse(entry);
    if (!result.success)
      throw new UserError(
        'invalid-config',
        `customChecks.${index}: ${describe(result.error.issues[0])}`,
        'See docs/custom-checks.md for the fields.',
      );
    const { id } = result.data;
    if (builtInIds.has(id) || seen.has(id))
      throw new UserError(
        'invalid-config',
        `customChecks.${index}: a check named "${id}" exists already`,
        'Choose another id.',
      );
    seen.add(id);
    return toCheck(result.data);
  });
}
