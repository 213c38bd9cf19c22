// Roles from evidence, by the built program.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const log = 'examples/shop/audit.log';
const folder = mkdtempSync(join(tmpdir(), 'nowwhat-roles-'));
afterAll(() => rmSync(folder, { recursive: true }));

function roles(...args: readonly string[]) {
  const { status, out, err } = nowwhat(['roles', '--audit-log', log, ...args], { env: { COLUMNS: '100' } });
  expect(status, err).toBe(0);
  return out;
}

function answer(...args: readonly string[]) {
  return JSON.parse(roles('-o', 'json', ...args));
}

describe('roles from a log', () => {
  it('are the least that allows what was asked for, with what each rule rests on', () => {
    const yaml = roles('--for', 'sa:default/shop-admin');
    expect(yaml).toContain('# 4 of 4 needs allowed, put to the authorizer one by one');
    expect(yaml).toMatch(
      /# 27 requests, the last 2026-11-21 06:41: list, watch pods in default\n {2}- apiGroups: \[''\]\n {4}resources: \[pods\]\n {4}verbs: \[list, watch\]/,
    );
    expect(yaml).not.toContain('jana');
  });

  it('are those of the accounts of an app where one is named', () => {
    const { subjects, leftOut } = answer('examples/shop/k8s');
    expect(subjects.map(({ subject }: { subject: { name: string } }) => subject.name)).toEqual(['shop-admin']);
    expect(leftOut).toEqual([{ user: 'jana', reason: 'not of the input' }]);
  });

  it('come from what files declare too: kubectl in a command, with its place', () => {
    const { status, out } = nowwhat(['roles', '-', '--from', 'declared', '-o', 'json'], {
      input: `apiVersion: batch/v1
kind: CronJob
metadata: {name: restart, namespace: shop}
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          serviceAccountName: restarter
          restartPolicy: Never
          containers:
            - name: kubectl
              image: registry.k8s.io/kubectl:v1.34.0
              args: [rollout, restart, deployment, web]
`,
    });
    expect(status).toBe(0);
    const [only] = JSON.parse(out).subjects;
    expect(only.roles[0].role.rules).toEqual([
      { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['web'], verbs: ['get', 'patch'] },
    ]);
    expect(only.roles[0].restOn[0][0].declared).toMatchObject([
      { what: 'kubectl rollout restart in container "kubectl"', line: 13 },
    ]);
  });

  it('are none where the bindings of the input count as given', () => {
    const [admin] = answer('--on-top', 'examples/shop/k8s').subjects;
    expect(admin).toMatchObject({ roles: [], proof: { needs: 4, allowed: 4, granted: 0 } });
  });

  it('stand alone where they shall', () => {
    const [admin] = answer('--alone', '--for', 'sa:default/shop-admin').subjects;
    expect(admin.given).toEqual([]);
    expect(admin.roles.flatMap(({ role }: { role: { kind: string } }) => role.kind)).toEqual(['ClusterRole', 'Role']);
  });

  it('are wider only where somebody asks for it, and that is counted', () => {
    const [jana] = answer('--widen', 'generated-names,verbs', '--for', 'user:jana').subjects;
    expect(jana.proof).toMatchObject({
      granted: 5,
      beyond: [
        { what: 'get pods in default', reason: 'verb' },
        { what: 'watch pods in default', reason: 'verb' },
        { what: 'get pods/log in default', reason: 'any-name' },
      ],
    });
    expect(jana.notes).toEqual([]);
  });

  it('come from gzip and from standard input as well', () => {
    const bytes = gzipSync(readFileSync(join(root, log)));
    const file = join(folder, 'audit.log.gz');
    writeFileSync(file, bytes);
    const expected = answer('--for', 'user:jana').subjects;
    const read = (name: string, input?: Uint8Array) => {
      const { out } = nowwhat(
        ['roles', '--audit-log', name, '--for', 'user:jana', '-o', 'json'],
        input === undefined ? {} : { input },
      );
      return JSON.parse(out).subjects;
    };
    expect(read(file)).toEqual(expected);
    expect(read('-', bytes)).toEqual(expected);
  });

  it('keep their published schema', () => {
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/roles-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false, allowUnionTypes: true }).compile(schema);
    for (const args of [
      [],
      ['examples/shop/k8s'],
      ['--alone'],
      ['--widen', 'names,namespaces,verbs'],
      ['--for', 'user:nobody'],
    ]) {
      validate(answer(...args));
      expect(validate.errors).toBeNull();
    }
    expect(validate({ schema: 'nowwhat.dev/roles/v1' })).toBe(false);
  });

  it.each([
    [['roles'], 'no evidence was named'],
    [['roles', '--audit-log', log, '--widen', 'everything'], '--widen knows no "everything"'],
    [['roles', '--audit-log', log, '--on-top'], '--on-top needs roles to stand on'],
    [['roles', '--audit-log', log, '--for', 'sa:web'], '"sa:web" is no subject'],
    [['roles', '--audit-log', 'examples/shop/k8s/web.yaml'], 'holds no event of an audit log'],
    [['roles', '--audit-log', 'nowhere.log'], 'nowhere.log does not exist'],
  ])('%j is an error of the user', (args, message) => {
    const { status, err } = nowwhat(args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
