// The network command on files, on the built program.

import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { nowwhat, root } from './run-cli.ts';

const schema: object = JSON.parse(readFileSync(join(root, 'docs/schemas/connections-v1.schema.json'), 'utf8'));
const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);

const app = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: a, image: a}]}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec: {selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a, image: a, ports: [{name: sql, containerPort: 5432}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 3306, targetPort: sql}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress, Egress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: sql}, {port: 53, protocol: UDP}]
    - from: [{namespaceSelector: {matchLabels: {team: data}}}]
      ports: [{port: sql}]
`;

function folderWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-network-'));
  writeFileSync(join(folder, 'app.yaml'), text);
  return folder;
}

const folder = folderWith(app);

describe('network', () => {
  it('gives one entry for each caller, called and protocol, by its published schema', () => {
    const { status, out, err } = nowwhat(['network', folder, '-o', 'json']);
    expect([status, err]).toEqual([0, '']);
    const report = JSON.parse(out);
    validate(report);
    expect(validate.errors).toBeNull();
    const [web, db] = ['shop/web[Deployment]', 'shop/db[StatefulSet]'];
    const outside = '0.0.0.0-255.255.255.255[External]';
    expect(report.edges).toEqual([
      { from: outside, to: web, protocol: 'All' },
      { from: web, to: outside, protocol: 'All' },
      { from: web, to: db, protocol: 'TCP', ports: ['5432'] },
      { from: web, to: db, protocol: 'UDP', ports: ['53'] },
    ]);
    expect(report.exposure).toContainEqual({
      workload: db,
      direction: 'ingress',
      kind: 'namespace',
      who: 'any pod in namespaces with team=data',
      protocol: 'TCP',
      ports: ['5432'],
    });
  });

  it('lists, draws and tabulates the same', () => {
    const list = nowwhat(['network', folder, '-o', 'list']).out;
    expect(list).toContain('shop/web[Deployment] => shop/db[StatefulSet] : TCP 5432\n');
    const mermaid = nowwhat(['network', folder, '-o', 'mermaid']).out;
    expect(mermaid).toMatch(/^flowchart LR\n[\s\S]*-->\|"TCP 5432; UDP 53"\|/);
    const svg = nowwhat(['network', folder, '-o', 'svg']).out;
    expect(svg).toContain('<title>web may call db: TCP 5432; UDP 53</title>');
    const matrix = nowwhat(['network', folder, '-o', 'matrix']).out;
    expect(matrix.split('\n').find((line) => line.includes('web'))).toMatch(/web\s+●\s+◐$/);
  });

  it('says in words what is open, to whom besides, and what is not known', () => {
    const { out } = nowwhat(['network', folder]);
    expect(out).toContain('as far as the cluster enforces policies, which is not known: only files were read');
    expect(out).toMatch(/web → db\s+TCP 5432; UDP 53\n/);
    expect(out).toContain('db may be called by any pod in namespaces with team=data on TCP 5432');
  });

  it('fits narrow terminals', () => {
    for (const width of [40, 60, 80, 200]) {
      const { out } = nowwhat(['network', folder, '--width', String(width)]);
      expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    }
  });

  it('reads a list of pods as kubectl writes it, by their owners', () => {
    const pods = JSON.stringify({
      apiVersion: 'v1',
      kind: 'PodList',
      items: ['a', 'b'].map((name) => ({
        metadata: {
          name,
          namespace: 'x',
          ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', controller: true }],
        },
        spec: { containers: [] },
      })),
    });
    const { out } = nowwhat(['network', '-', '-o', 'json'], { input: pods });
    expect(JSON.parse(out).workloads).toEqual(['x/r[ReplicaSet]']);
  });

  it('needs something to read', () => {
    expect(nowwhat(['network'])).toMatchObject({
      status: 2,
      err: expect.stringContaining('nothing to read was named'),
    });
  });
});

describe('network why', () => {
  it('names the policies and rules that let a connection through, with their lines', () => {
    const { status, out } = nowwhat(['network', 'why', 'web', 'db', 'sql', folder]);
    expect(status).toBe(0);
    expect(out).toContain('shop/web[Deployment] → shop/db[StatefulSet]  TCP 5432\n  allowed\n');
    expect(out).toContain('Leaving web: no policy isolates its egress');
    expect(out).toContain('Entering db: allowed by "db"');
    expect(out).toMatch(/NetworkPolicy shop\/db, ingress rule 1: allows TCP 5432; UDP 53\s+\S+app\.yaml:\d+/);
    expect(out).toContain('ingress rule 2: allows TCP 5432, if it is about this at all');
    expect(out).not.toContain('rule 3');
  });

  it('says which policies close a connection, and gives exit status 1', () => {
    const { status, out } = nowwhat(['network', 'why', 'StatefulSet/shop/db', 'web', '80', folder]);
    expect(status).toBe(1);
    expect(out).toContain('denied');
    expect(out).toContain('NetworkPolicy shop/db: closes what no policy opens');
  });

  it('goes through Services, from addresses outside, and to all ports', () => {
    const through = JSON.parse(nowwhat(['network', 'why', 'web', 'svc/db', folder, '-o', 'json']).out);
    expect(through).toMatchObject({ service: { name: 'shop/db', port: 3306 }, port: 5432, verdict: 'allowed' });
    const outside = nowwhat(['network', 'why', '203.0.113.7', 'db', folder, '-o', 'json']);
    expect([outside.status, JSON.parse(outside.out)]).toMatchObject([0, { open: 'nothing', unknown: 'nothing' }]);
    const all = nowwhat(['network', 'why', 'web', 'db', folder]).out;
    expect(all).toContain('open: TCP 5432; UDP 53');
  });

  it('asks which one is meant, and helps with a slip', () => {
    const twice = folderWith(`${app}---\n${app.replaceAll('namespace: shop', 'namespace: test')}`);
    const two = nowwhat(['network', 'why', 'web', 'db', twice]);
    expect(two).toMatchObject({
      status: 2,
      err: expect.stringContaining('shop/web[Deployment] or test/web[Deployment]'),
    });
    const slip = nowwhat(['network', 'why', 'wbe', 'db', folder]);
    expect(slip).toMatchObject({ status: 2, err: expect.stringContaining('Did you mean web?') });
    const neither = nowwhat(['network', 'why', '10.0.0.1', '10.0.0.2', folder]);
    expect(neither).toMatchObject({ status: 2, err: expect.stringContaining('unknown-end') });
    const port = nowwhat(['network', 'why', 'web', 'db', '53/icmp', folder]);
    expect(port).toMatchObject({ status: 2 });
  });
});

describe('network diff', () => {
  it('tells what is opened and closed, by meaning and not by text', () => {
    const renamed = folderWith(
      app.replace(
        'metadata: {name: db, namespace: shop}\nspec:\n  podSelector',
        'metadata: {name: other, namespace: shop}\nspec:\n  podSelector',
      ),
    );
    expect(nowwhat(['network', 'diff', folder, renamed])).toMatchObject({
      status: 0,
      out: expect.stringContaining('the same connections'),
    });
    const opened = folderWith(app.replace('port: 53, protocol: UDP', 'port: 54, protocol: UDP'));
    const { status, out } = nowwhat(['network', 'diff', folder, opened]);
    expect(status).toBe(1);
    expect(out).toContain('  - web → db  UDP 53\n  + web → db  UDP 54\n');
  });

  it('shows what is not known any more, or by now, and never as closed', () => {
    const asking = folderWith(
      app.replace(
        '{podSelector: {matchLabels: {app: web}}}',
        '{podSelector: {}, namespaceSelector: {matchLabels: {team: web}}}',
      ),
    );
    const lost = nowwhat(['network', 'diff', folder, asking]);
    expect(lost.status).toBe(1);
    expect(lost.out).toMatch(/ {2}\? web → db {2}.*\(not known; was open\)\n/);
    expect(lost.out).not.toContain('- web → db');
    const won = nowwhat(['network', 'diff', asking, folder]);
    expect(won.out).toMatch(/ {2}\+ web → db {2}.*\(open; was not known\)\n/);
  });

  it('compares addresses outside however each side cuts them', () => {
    const block = (cidr: string): string =>
      app.replace('{podSelector: {matchLabels: {app: web}}}', `{ipBlock: {cidr: ${cidr}}}`);
    const { out } = nowwhat([
      'network',
      'diff',
      folderWith(block('10.0.0.0/8')),
      folderWith(block('10.0.0.0/9')),
      '-o',
      'json',
    ]);
    const diff = JSON.parse(out);
    expect(diff.added).toEqual([]);
    expect(diff.removed).toEqual([
      { from: '10.128.0.0-10.255.255.255[External]', to: 'shop/db[StatefulSet]', protocol: 'TCP', ports: ['5432'] },
      { from: '10.128.0.0-10.255.255.255[External]', to: 'shop/db[StatefulSet]', protocol: 'UDP', ports: ['53'] },
    ]);
  });
});
