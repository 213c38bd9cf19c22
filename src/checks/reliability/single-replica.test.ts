import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { runChecks } from '../run-checks.ts';
import { singleReplica } from './single-replica.ts';

const service = `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
`;

function deployment(image: string, volumes = '[]'): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}"}], volumes: ${volumes}}
`;
}

describe('a single pod', () => {
  it.each([
    ['that is served is an outage', `${deployment('shop/web:1')}---\n${service}`, 'medium', 'takes it down'],
    ['that nobody calls is only late', deployment('shop/web:1'), 'low', 'waits'],
    ['of a cache is no case for replicas', `${deployment('redis:8')}---\n${service}`, 'low', 'do not help'],
    [
      'with a claim is no case for replicas',
      `${deployment('shop/web:1', '[{name: data, persistentVolumeClaim: {claimName: data}}]')}---\n${service}`,
      'low',
      'do not help',
    ],
  ])('%s', (_, text, severity, words) => {
    const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
    const { findings } = runChecks([singleReplica], createInventory(snapshotOf(text)), options);
    expect(findings).toEqual([expect.objectContaining({ severity, message: expect.stringContaining(words) })]);
  });

  it('of one version behind a Service of several is their share', () => {
    const second = deployment('shop/web:2').replace('{name: web}', '{name: web-v2}');
    const text = [deployment('shop/web:1'), second, service].join('---\n');
    const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
    const { findings } = runChecks([singleReplica], createInventory(snapshotOf(text)), options);
    expect(findings.map(({ severity }) => severity)).toEqual(['low', 'low']);
    expect(findings[0]?.message).toContain('the others behind its Service get its share');
  });
});
