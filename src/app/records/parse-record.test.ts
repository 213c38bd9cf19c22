import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import type { Journal, Plan, PlanStep, Proof } from '../../model/index.ts';
import { parseJournal, parsePlan, parseProof } from './parse-record.ts';

const step: PlanStep = {
  id: 'web',
  title: 'Edit k8s/web.yaml',
  reason: 'containers run as root',
  closes: ['run-as-non-root'],
  owner: 'developer',
  action: { kind: 'write-file', file: 'k8s/policy.yaml', content: 'kind: NetworkPolicy\n' },
  inverse: { kind: 'remove-file', file: 'k8s/policy.yaml', before: 'a'.repeat(64) },
  after: [],
};

const plan: Plan = {
  schema: 'nowwhat.dev/plan/v1',
  title: 'Put 1 finding right',
  command: 'nowwhat plan ./k8s',
  version: '0.1.0',
  made: '2026-11-29T12:00:00Z',
  target: { kind: 'folder' },
  inputs: [{ kind: 'file', file: 'k8s/policy.yaml' }],
  steps: [step],
  left: [],
};

const proof: Proof = {
  schema: 'nowwhat.dev/proof/v1',
  kind: 'fix',
  claim: 'k8s has no failing findings',
  command: 'nowwhat fix --write ./k8s',
  version: '0.1.0',
  time: '2026-11-29T12:00:00.000Z',
  result: 'holds',
  figures: { before: 3, after: 0 },
  inputs: [{ kind: 'file', file: 'k8s/web.yaml', sha256: 'b'.repeat(64) }],
};

const parse = (changes: object): Plan => parsePlan('plan.json', JSON.stringify({ ...plan, ...changes }));
const withFile = (file: string) => ({ steps: [{ ...step, action: { kind: 'write-file', file, content: '' } }] });
const cluster = { kind: 'cluster', context: 'prod', server: 'https://192.0.2.1' };
const apply = (object: object) => ({
  target: cluster,
  steps: [{ ...step, action: { kind: 'apply', object, takeOver: [] } }],
});

describe('a plan', () => {
  it('is read with what it holds beside', () => {
    expect(parse({ remark: 'by hand' })).toEqual({ ...plan, remark: 'by hand' });
  });

  it.each(['../other.yaml', '/etc/passwd', 'a/../../b', 'a\\b', './a', 'C:/a', ''])('never writes to %j', (file) => {
    expect(() => parse(withFile(file))).toThrow('is not understood: steps.0.action.file');
  });

  it.each(['a.yaml', '..a/b..yaml', 'a b/ü.yaml', '.github/x.yml'])('may write to %j', (file) => {
    expect(parse(withFile(file)).steps).toHaveLength(1);
  });

  it('is refused where it was cut off, or is something else', () => {
    expect(() => parsePlan('plan.json', JSON.stringify(plan).slice(0, -9))).toThrow('is not JSON');
    expect(() => parse({ schema: 'nowwhat.dev/fix/v1' })).toThrow('is not understood: schema');
  });

  it('is refused where steps cannot be done in their order, or not on its target', () => {
    expect(() => parse({ steps: [{ ...step, after: ['later'] }] })).toThrow('has the step web before later');
    expect(() => parse({ steps: [step, step] })).toThrow('two steps called web');
    expect(() => parse({ target: cluster })).toThrow('not about its target');
  });

  it('never holds the value of a Secret', () => {
    const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' } };
    expect(parse(apply(secret)).steps).toHaveLength(1);
    expect(() => parse(apply({ ...secret, data: { password: 'aHVudGVyMg==' } }))).toThrow('the value of a Secret');
  });
});

it('a journal is read', () => {
  const entry = { step: 'web', state: 'doing', at: plan.made, inverse: step.inverse } as const;
  const journal: Journal = {
    schema: 'nowwhat.dev/journal/v1',
    state: 'applying',
    started: plan.made,
    entries: [entry],
  };
  expect(parseJournal('journal.json', JSON.stringify(journal))).toEqual(journal);
});

it('a proof is read, and one without a result is not', () => {
  expect(parseProof('proof.json', JSON.stringify(proof))).toEqual(proof);
  expect(() => parseProof('proof.json', JSON.stringify({ ...proof, result: 'perhaps' }))).toThrow('result');
});

it.each([
  ['plan', plan],
  ['proof', proof],
])('the published schema of a %s fits it', (thing, value) => {
  const file = join(import.meta.dirname, `../../../docs/schemas/${thing}-v1.schema.json`);
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(
    JSON.parse(readFileSync(file, 'utf8')) as object,
  );
  expect(validate(value), JSON.stringify(validate.errors)).toBe(true);
  expect(validate({ ...value, schema: 'other' })).toBe(false);
});
