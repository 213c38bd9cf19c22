// Pod Security admission: pods are refused, workloads are warned of.

import { beforeAll, expect, it } from 'vitest';
import { contract } from './api-under-test.ts';

contract('pod security', (api) => {
  let namespace: string;
  const level = 'pod-security.kubernetes.io/enforce';
  const labels = { a: 'b' };
  const good = {
    name: 'c',
    image: 'x/y',
    securityContext: {
      allowPrivilegeEscalation: false,
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
  const label = (values: object) =>
    api.patch(`/api/v1/namespaces/${namespace}`, 'merge', { metadata: { labels: values } });
  const pod = (container: object) =>
    api.post(`/api/v1/namespaces/${namespace}/pods?dryRun=All`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [container] },
    });
  const deployment = (container: object) =>
    api.post(`/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'd' },
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    });

  /** Admission hears of the labels of a namespace a little later than who wrote them. */
  const untilAnswered = async (container: object, code: number) =>
    await expect.poll(async () => (await pod(container)).code).toBe(code);

  beforeAll(async () => {
    namespace = await api.namespace();
  });

  it('refuses what the level does not admit, and admits the rest', async () => {
    await label({ [level]: 'restricted' });
    await untilAnswered({ name: 'c', image: 'x/y' }, 403);
    const refused = await pod({ name: 'c', image: 'x/y' });
    expect(refused).toMatchObject({ code: 403, body: { reason: 'Forbidden' } });
    expect(refused.body['message']).toContain('pods "p" is forbidden: violates PodSecurity "restricted:latest": ');
    expect(refused.body['message']).toContain('"c"');
    expect((await pod(good)).code).toBe(201);
  });

  it('warns of workloads whose pods it would refuse', async () => {
    await label({ [level]: 'restricted' });
    const warned = await deployment({ name: 'c', image: 'x/y' });
    expect(warned.code).toBe(201);
    expect(String(warned.headers['warning'])).toContain('would violate PodSecurity');
    expect((await deployment(good)).headers['warning']).toBeUndefined();
  });

  it('looks at the level and at the version that the namespace names', async () => {
    await label({ [level]: 'baseline', [`${level}-version`]: 'v1.30' });
    await untilAnswered({ name: 'c', image: 'x/y' }, 201);
    const privileged = { name: 'c', image: 'x/y', securityContext: { privileged: true } };
    const refused = await pod(privileged);
    expect(refused.body['message']).toContain('violates PodSecurity "baseline:v1.30"');
    await label({ [level]: 'privileged' });
    await untilAnswered(privileged, 201);
  });

  it('warns by a level of its own where one is set', async () => {
    await label({ [level]: null, [`${level}-version`]: null, 'pod-security.kubernetes.io/warn': 'baseline' });
    const privileged = { name: 'c', image: 'x/y', securityContext: { privileged: true } };
    await expect
      .poll(async () => String((await deployment(privileged)).headers['warning']))
      .toContain('baseline:latest');
    expect((await deployment({ name: 'c', image: 'x/y' })).headers['warning']).toBeUndefined();
    await label({ 'pod-security.kubernetes.io/warn': null });
  });
});
