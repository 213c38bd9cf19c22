// The shape of nowwhat.yaml, and what is wrong with a file that does not have it: line, field, and what was probably meant.

import * as z from 'zod';
import { targets } from '../../journey/index.ts';
import { LineIndex, parseYaml } from '../../kube/yaml/index.ts';
import { type Json, legs, levels, type Path, severities, UserError } from '../../model/index.ts';
import { configAdvice, configError, type ConfigProblem } from './config-error.ts';
import { suggestName } from '../suggest-name.ts';

const text = z.string().trim().min(1, 'must not be empty');
const isoDate = z.iso.date('must be a date such as 2026-12-31, the last day on which the exception holds');
const level = z.union(
  levels.map((each) => z.literal(each)),
  'must be a level from 1 to 4',
);

// Not `off`: YAML 1.1 reads that key as `false`.
const checkSetting = z
  .strictObject({ skip: text.optional(), severity: z.enum(severities).optional(), reason: text.optional() })
  .superRefine(({ skip, severity, reason }, context) => {
    const issue = (message: string): void => context.addIssue({ code: 'custom', message });
    if (skip !== undefined && severity !== undefined) issue('has both skip and severity: keep one');
    if (skip === undefined && severity === undefined) issue('needs skip with a reason, or severity and reason');
    if (severity !== undefined && reason === undefined) issue('changes the severity and needs a reason');
  });

// A number would have lost its last zero: `1.30` is 1.3 in YAML.
const version = z.string('must be in quotes, such as "1.34"');

const exception = z.strictObject({
  check: text,
  subject: text,
  container: text.optional(),
  owner: text,
  reason: text,
  until: isoDate,
});

const choice = z.strictObject({
  check: text,
  subject: text.optional(),
  container: text.optional(),
  take: text,
  value: z.union([z.string(), z.number()], 'must be text or a number').transform(String).optional(),
});

const postRender = z.strictObject({ chart: text, overlay: text });

const configSchema = z.strictObject({
  kubeVersion: version.optional(),
  target: z.enum(targets).optional(),
  namespace: text.optional(),
  allowedRegistries: z.array(text).optional(),
  evidence: z.array(text).optional(),
  /** Where backups of the app are: a folder beside this file, or s3://…. */
  store: text.optional(),
  failOn: z.enum([...severities, 'any', 'never']).optional(),
  require: z.partialRecord(z.enum(legs), level).optional(),
  exceptions: z.array(exception).optional(),
  choices: z.array(choice).optional(),
  postRender: z.array(postRender).optional(),
  customChecks: z.array(z.unknown()).optional(),
  checks: z.record(z.string(), checkSetting).optional(),
});

export type Config = z.infer<typeof configSchema>;

/** Names that may stand beside an unknown one: the keys of the schema at that path. */
function knownKeys(path: Path): string[] {
  let schema: unknown = configSchema;
  for (const step of path) {
    while (schema instanceof z.ZodOptional) schema = schema.unwrap();
    if (schema instanceof z.ZodObject) schema = (schema.shape as Record<string, unknown>)[String(step)];
    else if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodRecord) schema = schema.valueType;
  }
  while (schema instanceof z.ZodOptional) schema = schema.unwrap();
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String);
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}

function toPath(path: readonly PropertyKey[]): Path {
  return path.map((step) => (typeof step === 'number' ? step : String(step)));
}

function unknownKey(parent: Path, key: string): ConfigProblem {
  const known = knownKeys(parent);
  const near = suggestName(key, known);
  const hint = near === undefined ? `known are ${known.join(', ')}` : `did you mean ${near}?`;
  return { path: [...parent, key], what: `is not a setting; ${hint}` };
}

/** What is wrong, as the user would look for it: unknown keys one by one, in the words of the file. */
function toProblems(issue: z.core.$ZodIssue): ConfigProblem[] {
  const path = toPath(issue.path);
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(path, key));
  if (issue.code === 'invalid_key') return [unknownKey(path.slice(0, -1), String(path.at(-1)))];
  if (issue.code === 'invalid_value') return [{ path, what: `must be one of ${issue.values.join(', ')}` }];
  if (issue.code !== 'invalid_type') return [{ path, what: issue.message }];
  const missing = issue.input === undefined && issue.message.includes('undefined');
  return [{ path, what: missing ? 'is missing' : issue.message.replace('Invalid input: ', '') }];
}

/** Reads the text of a nowwhat.yaml. Throws `UserError` with the place and the reason of the first mistake, and how many more there are. */
export function parseConfig(file: string, source: string): Config {
  const outcome = parseYaml(source);
  if (!outcome.ok) {
    const { line } = new LineIndex(source).at(outcome.failure.offset);
    throw new UserError('invalid-config', `${file}:${line} ${outcome.failure.reason}`, configAdvice);
  }
  const value: Json = outcome.parsed.values[0] ?? {};
  const result = configSchema.safeParse(value);
  if (result.success) return result.data;
  const [first = { path: [], what: 'is not valid' }, ...others] = result.error.issues.flatMap(toProblems);
  const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
  throw configError(file, source, { ...first, what: `${first.what}${more}` });
}
