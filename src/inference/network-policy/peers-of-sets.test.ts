import { describe, expect, it } from 'vitest';
import { inferPolicies } from '../index.ts';
import { documents, evidenceOf, service, variables, workload } from './evidence-builder.ts';

const headless = (name: string, ports: number[]) =>
  service(name, { clusterIP: 'None', ports: ports.map((port) => ({ name: `p${port}`, port })) });
const ports = (...numbers: number[]) => ({ ports: numbers.map((containerPort) => ({ containerPort })) });
const several = (text: string) => text.replace('"spec":{', '"spec":{"replicas":3,');

/** Ports at which the pods of a workload reach each other. */
function among(yaml: string, name = 'db'): (number | undefined)[] {
  const { needs } = inferPolicies(evidenceOf(yaml));
  return needs.flatMap(({ from, to, port }) =>
    from.kind === 'workload' &&
    to.kind === 'workload' &&
    from.workload === to.workload &&
    from.workload.object.name === name
      ? [port]
      : [],
  );
}

const set = several(workload({ name: 'db', kind: 'StatefulSet', container: ports(7000, 9042) }));

describe('pods of one workload', () => {
  it('of a set reach each other at all ports of theirs, also those that the headless Service does not have', () => {
    expect(among(documents(set, headless('db', [9042, 4369])))).toEqual([9042, 4369, 7000]);
  });

  it('are several from two on, or where an autoscaler may make them so', () => {
    const one = workload({ name: 'db', kind: 'StatefulSet', container: ports(7000) });
    const two = one.replace('"spec":{', '"spec":{"replicas":2,');
    expect(among(documents(two, headless('db', [9042])))).toEqual([9042, 7000]);
    const scaler = JSON.stringify({
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'db' },
      spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, maxReplicas: 3 },
    });
    expect(among(documents(one, headless('db', [9042]), scaler))).toEqual([9042, 7000]);
  });

  it('are told as declared, with what says so', () => {
    const { needs } = inferPolicies(evidenceOf(documents(set, headless('db', [9042]))));
    const why = ['headless Service "db" of its own'];
    expect(needs).toMatchObject([
      { port: 9042, isDeclared: true, isSeen: false, why },
      { port: 7000, isDeclared: true, isSeen: false, why },
    ]);
  });

  it('do not reach those of another workload behind the same Service', () => {
    const other = several(workload({ name: 'other', kind: 'StatefulSet', labels: { app: 'db' }, container: ports(1) }));
    expect(among(documents(set, other, headless('db', [9042])), 'other')).toEqual([9042, 1]);
  });

  it('of a Deployment do at those of the headless Service alone', () => {
    const deployment = several(workload({ name: 'db', container: ports(7000, 9042) }));
    expect(among(documents(deployment, headless('db', [9042])))).toEqual([9042]);
  });

  it('do not where there is one of them, or no headless Service', () => {
    const one = workload({ name: 'db', kind: 'StatefulSet', container: ports(7000) });
    expect(among(documents(one, headless('db', [9042])))).toEqual([]);
    expect(among(documents(set, service('db', { ports: [{ port: 9042 }] })))).toEqual([]);
  });

  it('reach each other at what their settings name', () => {
    const container = { ...variables({ SEEDS: 'db-0.db:6222,db-1.db:6222' }), ...ports(4222) };
    const nats = several(workload({ name: 'db', container }));
    expect(among(documents(nats, headless('db', [4222])))).toEqual([4222, 6222]);
    const plain = several(workload({ name: 'db', container: variables({ SELF_URL: 'http://db:80' }) }));
    expect(among(documents(plain, service('db', { ports: [{ port: 80, targetPort: 8080 }] })))).toEqual([8080]);
  });

  it('are no unknown callers, where others call them at another port', () => {
    const client = workload({ name: 'web', container: variables({ DB_ADDR: 'db:9042' }) });
    const uncalled = (yaml: string) => inferPolicies(evidenceOf(yaml)).uncalled.map(({ port }) => port);
    const app = documents(set, headless('db', [9042, 7000]));
    expect(uncalled(documents(app, client))).toEqual([]);
    expect(uncalled(app)).toEqual(['TCP 9042', 'TCP 7000']);
    expect(
      uncalled(documents(set, headless('db', [9042]), service('db', { ports: [{ port: 7000 }] }), client)),
    ).toEqual(['TCP 7000']);
  });
});
