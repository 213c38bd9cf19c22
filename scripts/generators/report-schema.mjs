// docs/schemas/report-v1.schema.json: the published shape of a report. Additions are allowed within v1, removals and changes of meaning are not.

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const list = (items) => ({ type: 'array', items });
const record = (additionalProperties) => ({ type: 'object', additionalProperties });
/** An object whose fields are all required, but for those named `field?`. */
function object(fields) {
  const names = Object.keys(fields);
  const properties = Object.fromEntries(names.map((name) => [name.replace(/\?$/, ''), fields[name]]));
  return { type: 'object', properties, required: names.filter((name) => !name.endsWith('?')) };
}

const legs = ['security', 'deployment', 'monitoring', 'backups'];
const leg = { enum: legs };
const level = { enum: [1, 2, 3, 4] };
const reached = { enum: [0, 1, 2, 3, 4] };
const owner = { enum: ['developer', 'cluster-administrator', 'provider'] };
const severity = { enum: ['critical', 'high', 'medium', 'low'] };
const position = object({ file: text, line: { type: 'integer', minimum: 1 }, column: { type: 'integer', minimum: 1 } });
const subject = object({ apiVersion: text, kind: text, namespace: text, name: text, 'container?': text });
const exception = object({ owner: text, reason: text, until: { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$' } });
const finding = object({
  check: text,
  verdict: { enum: ['fail', 'unknown'] },
  severity,
  leg,
  level,
  owner,
  subject,
  'position?': position,
  'madeBy?': text,
  'path?': text,
  message: text,
  evidence: text,
  'command?': text,
  'exception?': exception,
  'known?': { type: 'boolean' },
});
const outcome = object({
  verdict: { enum: ['pass', 'fail', 'unknown', 'not-applicable'] },
  subjects: count,
  failed: count,
  unknown: count,
  accepted: count,
});
const next = object({ level, steps: count, done: count, blockers: list(text), unknown: list(text) });
const step = object({
  check: text,
  title: text,
  leg,
  level,
  owner,
  minutes: count,
  remediation: text,
  failed: count,
  subjects: count,
  first: finding,
});
const summary = object({
  title: text,
  family: text,
  leg,
  level,
  owner,
  severity,
  remediation: text,
  minutes: count,
  references: list(text),
  'settledBy?': text,
});

const schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'https://nowwhat.dev/schemas/report-v1.schema.json',
  title: 'nowwhat.dev/report/v1',
  ...object({
    schema: { const: 'nowwhat.dev/report/v1' },
    source: object({
      kind: { enum: ['files', 'cluster'] },
      inputs: list(text),
      name: text,
      files: count,
      objects: count,
      kubernetes: text,
      'joined?': { const: true },
      'cluster?': object({
        context: text,
        serverVersion: text,
        'savedOn?': text,
        namespaces: list(text),
        notListed: list(
          object({ group: text, kind: text, resource: text, namespace: text, 'failed?': { const: true } }),
        ),
      }),
    }),
    'role?': owner,
    catalogue: record(summary),
    notices: list(text),
    legs: list(object({ leg, level: reached, proven: reached, 'next?': next, checks: record(outcome) })),
    'next?': step,
    todo: object({ developer: count, 'cluster-administrator': count, provider: count }),
    'gate?': object({ passed: { type: 'boolean' }, reasons: list(text), 'known?': count }),
    findings: list(finding),
    unreadable: list(object({ code: text, position, reason: text, advice: text })),
    skipped: list(object({ file: text, what: text })),
  }),
};

export function generate() {
  return new Map([['docs/schemas/report-v1.schema.json', `${JSON.stringify(schema, null, 2)}\n`]]);
}
