import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { JsonObject, KubeObject } from '../../model/index.ts';
import { troubleOf } from './pod-trouble.ts';

function pod(status: JsonObject, spec: JsonObject = {}): KubeObject {
  const raw = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web-a', namespace: 'shop' }, spec, status };
  const [object] = snapshotOf(JSON.stringify(raw)).objects;
  if (object === undefined) throw new Error('no object was read');
  return object;
}

function container(state: JsonObject, more: JsonObject = {}): KubeObject {
  return pod({
    conditions: [{ type: 'Ready', status: 'False' }],
    containerStatuses: [
      { name: 'web', image: 'registry.example.com/web:1', ready: false, restartCount: 4, state, ...more },
    ],
  });
}

function waiting(reason: string, message = ''): KubeObject {
  return container({ waiting: { reason, message } });
}

describe('why a pod is not ready', () => {
  it('is nothing where it is', () => {
    expect(troubleOf(pod({ conditions: [{ type: 'Ready', status: 'True' }] }))).toBeUndefined();
  });

  // As containerd 2 and CRI-O 1.34 put it.
  it.each([
    ['failed to resolve reference "r/web:1": r/web:1: not found', 'the registry does not have it'],
    ['pull access denied, repository does not exist or may require authorization', 'the registry refuses it'],
    ['failed to authorize: failed to fetch anonymous token: 401 Unauthorized', 'the registry refuses it'],
    ['dial tcp: lookup registry.invalid on 10.96.0.10:53: no such host', 'the registry is not reached'],
    [
      '429 Too Many Requests - toomanyrequests: You have reached your unauthenticated pull rate limit',
      'allows no more pulls',
    ],
    ['tls: failed to verify certificate: x509: certificate signed by unknown authority', 'certificate of the registry'],
    ['no match for platform in manifest: not found', 'not made for this kind of node'],
  ])('tells why an image is not pulled: %s', (message, why) => {
    const trouble = troubleOf(waiting('ImagePullBackOff', message));
    expect(trouble?.clause).toContain('container "web" does not get its image "registry.example.com/web:1"');
    expect(trouble?.clause).toContain(why);
    expect(trouble?.lasting).toBe(true);
  });

  it('does not take the name of the image for a reason', () => {
    const image = 'registry.example.com/denied/not found:403';
    const state = { waiting: { reason: 'ErrImagePull', message: `pulling ${image}: no such host` } };
    expect(troubleOf(container(state, { image }))?.clause).toContain('the registry is not reached');
  });

  it('never repeats what a registry or a program says: it may hold a token', () => {
    const words = fc.stringMatching(/^[0-9A-F]{12,40}$/);
    fc.assert(
      fc.property(words, fc.constantFrom('ImagePullBackOff', 'ErrImagePull', 'CrashLoopBackOff'), (token, reason) => {
        const message = `Get "https://user:${token}@registry.example.com": denied`;
        const last = { lastState: { terminated: { exitCode: 1, reason: 'Error', message } } };
        for (const each of [
          container({ waiting: { reason, message } }, last),
          container({ terminated: { exitCode: 1, message } }),
        ])
          expect(JSON.stringify(troubleOf(each))).not.toContain(token);
      }),
    );
  });

  it('is how the program ended where it does so again and again', () => {
    const killed = { lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } };
    const trouble = troubleOf(container({ waiting: { reason: 'CrashLoopBackOff' } }, killed));
    expect(trouble?.clause).toBe(
      'container "web" runs out of memory again and again, last with exit code 137 (OOMKilled)',
    );
    expect(trouble?.evidence).toBe('CrashLoopBackOff after 4 restarts');
  });

  it('is what the kubelet misses', () => {
    const trouble = troubleOf(waiting('CreateContainerConfigError', 'secret "db" not found'));
    expect(trouble?.clause).toBe('container "web" cannot be configured: secret "db" not found');
  });

  it('is the probe where the program runs, and no fault yet', () => {
    const running = pod(
      {
        conditions: [{ type: 'Ready', status: 'False' }],
        containerStatuses: [{ name: 'web', ready: false, started: true, state: { running: {} } }],
      },
      { containers: [{ name: 'web', readinessProbe: { httpGet: { path: '/ready', port: 8080 } } }] },
    );
    expect(troubleOf(running)).toEqual({
      clause: 'container "web" runs, and its readiness probe does not succeed',
      evidence: 'container "web" is not ready, httpGet of port 8080/ready',
      lasting: false,
    });
  });

  it('is the first init container that has not ended; a sidecar that runs has done its part', () => {
    const conditions = [{ type: 'Ready', status: 'False' }];
    const sidecar = { name: 'proxy', ready: true, started: true, state: { running: {} } };
    const slow = { name: 'migrate', ready: false, started: true, state: { running: {} } };
    const waits = [{ name: 'web', ready: false, state: { waiting: { reason: 'PodInitializing' } } }];
    const told = troubleOf(pod({ conditions, initContainerStatuses: [sidecar, slow], containerStatuses: waits }));
    expect(told).toMatchObject({ clause: 'init container "migrate" has not ended', lasting: false });
  });

  it('is the gate that nobody opened', () => {
    const gated = pod(
      {
        conditions: [
          { type: 'ContainersReady', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
      { readinessGates: [{ conditionType: 'target-health.example.com' }] },
    );
    expect(troubleOf(gated)?.clause).toBe('the readiness gate "target-health.example.com" is not open');
  });

  it('is the node that does not answer', () => {
    const ready = { name: 'web', ready: true, state: { running: {} } };
    const lost = pod(
      { conditions: [{ type: 'Ready', status: 'Unknown' }], containerStatuses: [ready] },
      { nodeName: 'n1' },
    );
    expect(troubleOf(lost)).toMatchObject({ clause: 'node "n1" does not vouch for it', lasting: true });
  });
});
