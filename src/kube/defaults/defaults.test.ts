import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { loadSchemas, objectOf, schemaNode } from '../schema/index.ts';
import { serverDefaults } from './server-defaults.ts';
import { stripDefaults } from './strip-defaults.ts';

const schemas = await loadSchemas();
const strip = (object: JsonObject): JsonObject => stripDefaults(schemas, 34, object);

function deployment(spec: JsonObject, template: JsonObject = {}): JsonObject {
  const pod = { metadata: { labels: { app: 'a' } }, spec: template };
  return { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: pod, ...spec } };
}

describe('the table of defaults', () => {
  it.each(Object.entries(serverDefaults))('%s has these fields', (type, rules) => {
    const fields = objectOf(schemaNode('reference', { reference: type }), schemas.typesAt(34))?.fields;
    for (const field of Object.keys(rules)) expect([...(fields?.keys() ?? [])]).toContain(field);
  });
});

describe('an object without its defaults', () => {
  it('keeps what somebody chose', () => {
    const chosen = deployment(
      { replicas: 2, strategy: { type: 'Recreate' } },
      { restartPolicy: 'Always', containers: [{ name: 'c', image: 'a:1', imagePullPolicy: 'Always' }] },
    );
    expect(strip(chosen)).toMatchObject({
      spec: {
        replicas: 2,
        strategy: { type: 'Recreate' },
        template: { spec: { containers: [{ imagePullPolicy: 'Always' }] } },
      },
    });
  });

  it('loses a strategy that is the usual one, and the usual half of another', () => {
    const rolling = (rollingUpdate: JsonObject): JsonObject =>
      strip(deployment({ replicas: 1, strategy: { type: 'RollingUpdate', rollingUpdate } }));
    expect(rolling({ maxSurge: '25%', maxUnavailable: '25%' })['spec']).not.toHaveProperty('strategy');
    expect(rolling({ maxSurge: 1, maxUnavailable: '25%' })).toMatchObject({
      spec: { strategy: { rollingUpdate: { maxSurge: 1 } } },
    });
  });

  it.each([
    ['r.test/a', 'Always', undefined],
    ['r.test/a:latest', 'Always', undefined],
    ['r.test/a:1', 'IfNotPresent', undefined],
    [`r.test/a@sha256:${'0'.repeat(64)}`, 'IfNotPresent', undefined],
    ['r.test/a:1', 'Always', 'Always'],
    ['r.test/a', 'IfNotPresent', 'IfNotPresent'],
  ])('%s pulled %s is left as %s', (image, imagePullPolicy, left) => {
    const stripped = strip(deployment({}, { containers: [{ name: 'c', image, imagePullPolicy }] }));
    const container: JsonObject = { name: 'c', image, ...(left === undefined ? {} : { imagePullPolicy: left }) };
    expect(stripped).toEqual(deployment({}, { containers: [container] }));
  });

  it('keeps one of two numbers of a Job that mean something together', () => {
    const job = (spec: JsonObject): JsonObject => ({ apiVersion: 'batch/v1', kind: 'Job', spec });
    expect(strip(job({ completions: 1, parallelism: 1, backoffLimit: 6 }))).toEqual(job({}));
    expect(strip(job({ completions: 1, parallelism: 2 }))).toEqual(job({ completions: 1, parallelism: 2 }));
    expect(strip(job({ completions: 5, parallelism: 1 }))).toEqual(job({ completions: 5 }));
  });

  it('keeps the defaults of a LimitRange that follow from nothing', () => {
    const range = (item: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'LimitRange',
      spec: { limits: [item] },
    });
    const max = { cpu: '2' };
    expect(strip(range({ type: 'Container', max, default: max, defaultRequest: max }))).toEqual(
      range({ type: 'Container', max }),
    );
    const other = { type: 'Container', max, default: { cpu: '1' }, defaultRequest: { cpu: '500m' } };
    expect(strip(range(other))).toEqual(range(other));
  });

  it('is the same where it is stripped again, and where it is of a kind that nobody knows', () => {
    const once = strip(deployment({ replicas: 1, progressDeadlineSeconds: 600 }, { dnsPolicy: 'ClusterFirst' }));
    expect(strip(once)).toEqual(once);
    const custom = { apiVersion: 'shop.example.com/v1', kind: 'Widget', spec: { replicas: 1, a: null } };
    expect(strip(custom)).toEqual(custom);
  });
});
