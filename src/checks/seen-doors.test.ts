// What a probe's report does to the checks that it settles.

import { describe, expect, it } from 'vitest';
import type { ExposureEvidence, SeenDoor, Snapshot } from '../model/index.ts';
import { controlPlanePortsClosed } from './control-plane/control-plane-ports-closed.ts';
import { metadataServiceOpen } from './network/metadata-service-open.ts';
import { serviceWithoutLogin } from './network/service-without-login.ts';
import { runOnText } from './run-on-text.ts';

const app = `apiVersion: v1
kind: Service
metadata: {name: redis, namespace: shop}
spec: {selector: {app: redis}, ports: [{port: 6379}]}
`;

const door = (state: SeenDoor['state'], more: Partial<SeenDoor> = {}): SeenDoor => ({
  address: '192.0.2.1:2379',
  door: 'etcd-client',
  title: 'etcd, for clients',
  state,
  evidence: 'http GET /version: 200, 40 bytes',
  what: 'read everything',
  severity: 'critical',
  ...more,
});

const look = (from: ExposureEvidence['from'], doors: readonly SeenDoor[], date = '2026-01-02'): ExposureEvidence => ({
  about: 'exposure',
  tool: 'nowwhat probe',
  file: 'probe.json',
  date,
  from,
  doors,
});

const having =
  (...evidence: readonly ExposureEvidence[]) =>
  (snapshot: Snapshot): Snapshot => ({ ...snapshot, evidence });

const ports = (...evidence: readonly ExposureEvidence[]) =>
  runOnText(controlPlanePortsClosed, app, { snapshot: having(...evidence) });

describe('ports of the control plane', () => {
  it('pass only where both sides were asked and found nothing open', () => {
    const doors = [door('closed'), door('guarded', { door: 'kubelet', address: '192.0.2.1:10250' })];
    expect(ports(look('outside', doors), look('inside', doors)).outcome).toBe('pass');
    expect(ports(look('outside', doors)).findings[0]?.message).toContain('reachable from pods cannot');
    expect(ports(look('inside', doors)).findings[0]?.message).toContain('reachable from outside cannot');
    expect(ports().outcome).toBe('unknown');
  });

  it('fail for each open one, with where it was seen from', () => {
    const { findings, outcome } = ports(look('inside', [door('open')]));
    expect(outcome).toBe('fail');
    expect(findings[0]?.message).toBe(
      'etcd, for clients at 192.0.2.1:2379 is open from a pod: whoever reaches it may read everything',
    );
  });

  it('count by their newest report', () => {
    const old = look('outside', [door('open')], '2026-01-01');
    const newer = look('outside', [door('closed')], '2026-01-03');
    expect(ports(newer, look('inside', [door('closed')]), old).outcome).toBe('pass');
  });
});

describe('services', () => {
  const redis = (state: SeenDoor['state']): SeenDoor =>
    door(state, {
      door: 'service',
      title: 'Redis',
      address: '10.0.0.1:6379',
      service: { namespace: 'shop', name: 'redis' },
    });
  const judge = (...evidence: readonly ExposureEvidence[]) =>
    runOnText(serviceWithoutLogin, app, { snapshot: having(...evidence) });

  it('that a pod uses without a login fail, at the Service', () => {
    const { findings } = judge(look('inside', [redis('open')]));
    expect(findings.map(({ verdict, subject }) => [verdict, subject.name])).toEqual([['fail', 'redis']]);
  });

  it('pass where a pod was refused, and stay unknown where only outside was asked', () => {
    expect(judge(look('inside', [redis('guarded')])).outcome).toBe('pass');
    expect(judge(look('outside', [redis('closed')])).outcome).toBe('unknown');
  });
});

it('the metadata service that a pod has read is open, whatever the policies say', () => {
  const seen = door('open', { door: 'metadata-service', address: '169.254.169.254:80' });
  expect(runOnText(metadataServiceOpen, app, { snapshot: having(look('inside', [seen])) }).outcome).toBe('fail');
  expect(runOnText(metadataServiceOpen, app, { snapshot: having(look('outside', [seen])) }).outcome).toBe(
    'not-applicable',
  );
});
