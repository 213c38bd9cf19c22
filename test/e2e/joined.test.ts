// Files and a saved snapshot together: what runs is judged, and findings point to the lines of the files.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Finding } from '../../src/model/index.ts';
import { nowwhat } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-joined-'));
const file = join(folder, 'web.yaml');
const snapshot = join(folder, 'prod.snapshot');
const schema = 'nowwhat.dev/snapshot/v1';

writeFileSync(
  file,
  `apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: shop }
spec:
  template:
    spec:
      hostNetwork: true
      containers:
        - name: web
          image: registry.example.com/web:1
`,
);
const live = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: {
    template: { spec: { hostNetwork: true, containers: [{ name: 'web', image: 'registry.example.com/web:2' }] } },
  },
};
const cluster = { context: 'prod', serverVersion: 'v1.34.1', namespaces: ['shop'], notListed: [] };
const lines = [
  { schema, savedOn: '2026-01-02', minor: 34, cluster, unreadable: [] },
  live,
  { end: schema, objects: 1 },
];
writeFileSync(snapshot, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

it('a snapshot beside files is judged as the cluster, at the lines of the files', () => {
  const { status, out, err } = nowwhat(['check', file, snapshot, '-o', 'json']);
  expect(status, err).toBe(1);
  const { source, findings } = JSON.parse(out) as { source: object; findings: Finding[] };
  expect(source).toMatchObject({ kind: 'cluster', joined: true, inputs: [file], cluster: { context: 'prod' } });
  const placeOf = (id: string) => findings.find(({ check }) => check === id)?.position;
  expect(placeOf('host-network')).toMatchObject({ file, line: 7 });
  expect(placeOf('field-drifted')).toMatchObject({ file, line: 10 });
});

it('the page says what was read together, and drift gives the differences alone', () => {
  expect(nowwhat(['journey', file, snapshot, '--width', '200']).out).toContain(
    '1 object of prod in shop, which runs v1.34.1, saved on 2026-01-02, held against 1 file',
  );
  const { status, out } = nowwhat(['drift', file, snapshot]);
  expect(status).toBe(1);
  expect(out).toContain('files    "registry.example.com/web:1"');
  expect(nowwhat(['drift', file]).err).toContain('no cluster was named');
});

it.each([
  [['--as-uid', '7'], '--as-uid needs --as'],
  [['--as-group', 'devs'], 'need --as'],
  [['--as', 'jane', '--as-user-extra', 'scopes'], 'is not a key and a value'],
])('%j is refused before anything is asked', (flags, words) => {
  const { status, err } = nowwhat(['check', file, '--context', '.', ...flags]);
  expect(status).toBe(2);
  expect(err).toContain(words);
});
