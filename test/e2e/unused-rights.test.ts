// Rights that nobody used, by the built program.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const log = 'examples/shop/audit.log';
const folder = mkdtempSync(join(tmpdir(), 'nowwhat-unused-'));
afterAll(() => rmSync(folder, { recursive: true }));

function unused(...args: readonly string[]): string {
  const { status, out, err } = nowwhat(['unused-rights', '--audit-log', log, ...args], { env: { COLUMNS: '100' } });
  expect(status, err).toBe(1);
  return out;
}

describe('unused rights', () => {
  it('are told with what was used, and with the way to take them away', () => {
    const { subjects } = JSON.parse(unused('examples/shop/k8s', '-o', 'json'));
    expect(subjects).toHaveLength(1);
    const [admin] = subjects;
    expect(admin).toMatchObject({
      subject: { kind: 'ServiceAccount', namespace: 'default', name: 'shop-admin' },
      grants: [
        { state: 'partly', wildcard: true, requests: 29, role: { name: 'cluster-admin', builtIn: true } },
        { state: 'partly', wildcard: true, requests: 2 },
      ],
      plan: {
        keep: [],
        remove: [{ binding: { name: 'shop-admin' }, how: 'binding' }],
        proof: { missing: [], beyond: [] },
      },
    });
  });

  it('fit into a terminal', () => {
    const out = unused('examples/shop/k8s', '--width', '60');
    for (const line of out.split('\n')) expect(line.length).toBeLessThanOrEqual(60);
    expect(out).toContain('delete ClusterRoleBinding shop-admin');
  });

  it('of a large role are told in one line', () => {
    const file = join(folder, 'edit.yaml');
    const rbac = 'rbac.authorization.k8s.io';
    const binding = {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'api', namespace: 'default' },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'edit' },
      subjects: [{ kind: 'ServiceAccount', name: 'shop-admin', namespace: 'default' }],
    };
    writeFileSync(file, JSON.stringify(binding));
    const out = unused(file);
    expect(out).toMatch(/never +\d+ of \d+ rules: impersonate serviceaccounts; /);
    expect(out).toContain('not used: ');
    expect(out.split('\n').length).toBeLessThan(40);
    rmSync(file);
  });

  it('are a file to apply, with what to remove then', () => {
    const yaml = unused('examples/shop/k8s', '-o', 'yaml');
    expect(yaml).toContain('# then: kubectl delete clusterrolebinding shop-admin\n');
    expect(yaml).toContain('name: shop-admin-api-access');
  });

  it('close tokens in the files, once', () => {
    cpSync(join(root, 'examples/shop/k8s'), folder, { recursive: true });
    const before = readFileSync(join(folder, 'web.yaml'), 'utf8');
    const run = () => nowwhat(['unused-rights', '--audit-log', log, '--write', folder]);
    expect(run().err).toContain('closed the token of Deployment default/web');
    const after = readFileSync(join(folder, 'web.yaml'), 'utf8');
    expect(after.replace(/^ *automountServiceAccountToken: false\n/m, '')).toBe(before);
    expect(run().err).not.toContain('closed the token');
    expect(readFileSync(join(folder, 'web.yaml'), 'utf8')).toBe(after);
    expect(readFileSync(join(folder, 'api.yaml'), 'utf8')).not.toContain('automountServiceAccountToken');
  });

  it('keep their published schema', () => {
    const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/unused-rights-v1.schema.json'), 'utf8'));
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    validate(JSON.parse(unused('examples/shop/k8s', '-o', 'json')));
    expect(validate.errors).toBeNull();
    expect(validate({ schema: 'nowwhat.dev/unused-rights/v1' })).toBe(false);
  });

  it.each([
    [['unused-rights', 'examples/shop/k8s'], 'no audit log was named'],
    [['unused-rights', '--audit-log', log], 'nothing to read was named'],
    [['unused-rights', '--audit-log', log, '--rehearse', 'examples/shop/k8s'], 'no cluster was named'],
  ])('%j is an error of the user', (args, message) => {
    const { status, err } = nowwhat(args);
    expect(status).toBe(2);
    expect(err).toContain(message);
  });
});
