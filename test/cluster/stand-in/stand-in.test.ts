// The stand-in without a cluster: what it changes of an app, and its program, run here.

import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/model/index.ts';
import { standIn } from './stand-in.ts';

const container: JsonObject = {
  name: 'server',
  image: 'registry.test/cart:1',
  args: ['--all'],
  ports: [{ containerPort: 7070 }, { containerPort: 53, protocol: 'UDP' }],
  env: [{ name: 'REDIS_ADDR', value: 'redis-cart:6379' }],
  securityContext: { runAsNonRoot: true },
  readinessProbe: { periodSeconds: 3, grpc: { port: 7070 } },
  livenessProbe: { httpGet: { path: '/', port: 7070 } },
  startupProbe: { exec: { command: ['check'] } },
};
const deployment: JsonObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart' },
  spec: {
    template: { metadata: { labels: { app: 'cart' } }, spec: { serviceAccountName: 'cart', containers: [container] } },
  },
};

function containerOf([object]: readonly JsonObject[]): JsonObject {
  return (object as never as { spec: { template: { spec: { containers: [JsonObject] } } } }).spec.template.spec
    .containers[0];
}

describe('a stand-in', () => {
  it('changes image, command and probes, and nothing else', () => {
    const changed = containerOf(standIn([deployment], 'busybox:1'));
    expect(changed).toMatchObject({
      name: 'server',
      image: 'busybox:1',
      args: ['7070'],
      ports: container['ports'],
      securityContext: { runAsNonRoot: true },
      readinessProbe: { periodSeconds: 3, tcpSocket: { port: 7070 } },
      livenessProbe: { httpGet: { path: '/', port: 7070 } },
      startupProbe: { tcpSocket: { port: 7070 } },
    });
    expect(changed['env']).toEqual([
      ...(container['env'] as JsonObject[]),
      { name: 'ANSWER', value: expect.any(String) },
      { name: 'FOLDERS', value: '' },
    ]);
    expect(standIn([{ apiVersion: 'v1', kind: 'Service' }], 'busybox:1')).toEqual([
      { apiVersion: 'v1', kind: 'Service' },
    ]);
  });

  it('of what runs before the others, or once, ends', () => {
    const spec = { containers: [container], initContainers: [{ name: 'wait', image: 'a:1' }] };
    const [job] = standIn([{ apiVersion: 'batch/v1', kind: 'Job', spec: { template: { spec } } }], 'busybox:1');
    expect(JSON.stringify(job).split('until').length - 1).toBe(2);
    expect(JSON.stringify(job)).not.toContain('readinessProbe');
  });
});
