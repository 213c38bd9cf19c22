// What does not run in a live cluster is found with its reason, once for each workload; what runs well is not.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod } from '../../src/api/index.ts';
import { asArray, asObject, asString, type Finding, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';
const deadline = 300_000;
const webhooks = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

function deployment(name: string, container: JsonObject, replicas = 1, more: JsonObject = {}): JsonObject {
  const labels = { app: name };
  const containers = [{ name: 'main', image, command: ['sleep', '3600'], ...container }];
  const spec = { containers, terminationGracePeriodSeconds: 0, ...more };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
  };
}

function service(name: string, type: string): JsonObject {
  const spec = { type, selector: { app: name }, ports: [{ port: 80 }] };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

const deployments = [
  deployment('healthy', {}, 2),
  deployment('no-image', { image: 'registry.invalid/nothing:1' }, 2),
  deployment('crashes', { command: ['sh', '-c', 'exit 3'] }),
  deployment('too-large', { resources: { requests: { cpu: '4000' } } }),
  deployment('not-yet', { readinessProbe: { exec: { command: ['false'] } } }),
  deployment('lost', {
    command: ['sh', '-c', 'touch /tmp/ok; sleep 3600'],
    readinessProbe: { exec: { command: ['cat', '/tmp/ok'] }, periodSeconds: 1, timeoutSeconds: 30 },
  }),
  deployment('init-fails', {}, 1, { initContainers: [{ name: 'migrate', image, command: ['sh', '-c', 'exit 5'] }] }),
  deployment('no-config', { envFrom: [{ configMapRef: { name: 'not-there' } }] }),
];

const claim: JsonObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: {
    storageClassName: 'not-there',
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
  },
};

function budget(app: string): JsonObject {
  const spec = { minAvailable: 1, selector: { matchLabels: { app } } };
  return { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app }, spec };
}

/** Of something that is not there. */
const autoscaler: JsonObject = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'lost' },
  spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'not-there' } },
};

/** As much as the claim asks for. */
const quota: JsonObject = {
  apiVersion: 'v1',
  kind: 'ResourceQuota',
  metadata: { name: 'storage' },
  spec: { hard: { 'requests.storage': '1Gi' } },
};

/** Of a kind that does not exist: the API server never asks it. */
function webhook(namespace: string): JsonObject {
  const nobody = { namespace, name: 'not-there', path: '/', port: 443 };
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'unready.nowwhat.test',
        failurePolicy: 'Fail',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        clientConfig: { service: nobody },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [{ apiGroups: ['nowwhat.test'], apiVersions: ['v1'], resources: ['nothings'], operations: ['CREATE'] }],
      },
    ],
  };
}

/** A job that does not end well. */
const job: JsonObject = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'import' },
  spec: {
    backoffLimit: 0,
    template: {
      spec: { restartPolicy: 'Never', containers: [{ name: 'main', image, command: ['sh', '-c', 'exit 4'] }] },
    },
  },
};

describe.runIf(kubeconfig !== undefined)('what does not run in a live cluster', () => {
  let space: TestNamespace;
  let findings: readonly Finding[] = [];

  function of(check: string): Finding[] {
    return findings.filter((finding) => finding.check === check && finding.verdict === 'fail');
  }

  function read(): void {
    const source = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name];
    const { status, out, err } = nowwhat(['check', ...source, '-o', 'json']);
    expect([0, 1], err).toContain(status);
    findings = (JSON.parse(out) as { findings: Finding[] }).findings;
  }

  /** The kubelet backs off, and only then says so: what was told is what was waited for. */
  function isAllTold(): boolean {
    const words = of('workload-not-ready').map(({ message }) => message);
    const others = ['quota-nearly-used', 'job-failed', 'disruption-budget-exhausted', 'autoscaler-cannot-scale'];
    return (
      words.filter((text) => text.includes('again and again')).length === 2 &&
      words.length === 7 &&
      others.every((check) => of(check).length > 0)
    );
  }

  async function waitFor(path: string, holds: (status: JsonObject) => boolean): Promise<void> {
    const end = Date.now() + deadline;
    while (Date.now() < end) {
      const { status } = await space.client.request({ method: 'GET', path });
      if (holds(asObject(status))) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`${path} was not so in ${deadline / 1000} s`);
  }

  const pathOf = (name: string): string => `/apis/apps/v1/namespaces/${space.name}/deployments/${name}`;

  /** Not before it was ready: a kubelet may take longer to see that than any time that a program would wait. */
  async function loseReadiness(): Promise<void> {
    const path = `/api/v1/namespaces/${space.name}/pods`;
    const { items } = await space.client.request({ path, query: { labelSelector: 'app=lost' } });
    const pod = asString(asObject(asObject(asArray(items)[0])['metadata'])['name']) ?? '';
    await captureInPod(space.client, { namespace: space.name, pod, command: ['rm', '/tmp/ok'] });
  }

  beforeAll(
    async () => {
      space = await openNamespace();
      for (const each of deployments) await space.create('apis/apps/v1:deployments', each);
      await space.create('api/v1:persistentvolumeclaims', claim);
      await space.client.request({ method: 'POST', path: webhooks, body: webhook(space.name) });
      await space.create('api/v1:services', service('healthy', 'ClusterIP'));
      await space.create('api/v1:services', service('crashes', 'LoadBalancer'));
      for (const app of ['healthy', 'no-image']) await space.create('apis/policy/v1:poddisruptionbudgets', budget(app));
      await space.create('apis/batch/v1:jobs', job);
      await space.create('apis/autoscaling/v2:horizontalpodautoscalers', autoscaler);
      await space.create('apis/apps/v1:deployments', deployment('changed', {}));
      const changed = pathOf('changed');
      await waitFor(changed, ({ readyReplicas }) => readyReplicas === 1);
      await waitFor(pathOf('lost'), ({ readyReplicas }) => readyReplicas === 1);
      await loseReadiness();
      await space.client.request({
        method: 'PATCH',
        path: changed,
        contentType: 'application/merge-patch+json',
        body: deployment('changed', { image: 'registry.invalid/next:2' }),
      });
      // A quota counts what there is when it is made; what comes at the same moment is counted minutes later.
      await space.create('api/v1:resourcequotas', quota);
      const end = Date.now() + deadline;
      do {
        await new Promise((resolve) => setTimeout(resolve, 2000));
        read();
      } while (!isAllTold() && Date.now() < end);
    },
    2 * deadline + 60_000,
  );

  afterAll(async () => {
    await space?.client.request({ method: 'DELETE', path: `${webhooks}/${space.name}` });
    await space?.close();
  });

  it('is told once for each workload, with its reason', () => {
    const told = Object.fromEntries(of('workload-not-ready').map(({ subject, message }) => [subject.name, message]));
    expect(Object.keys(told).sort()).toEqual([
      'changed',
      'crashes',
      'init-fails',
      'lost',
      'no-config',
      'no-image',
      'too-large',
    ]);
    expect(of('workload-not-ready')).toHaveLength(7);
    expect(told['no-image']).toContain('0 of 2 pods ready: container "main" does not get its image');
    expect(told['no-image']).toContain('registry.invalid/nothing:1');
    expect(told['crashes']).toContain('again and again, last with exit code 3');
    expect(told['too-large']).toMatch(/no node takes the pods, .*Insufficient cpu/);
    expect(told['init-fails']).toContain('init container "migrate" ends again and again, last with exit code 5');
    expect(told['changed']).toContain(
      'the last change of Deployment "changed" does not get through, and the pods from before',
    );
    expect(told['lost']).toContain(
      '0 of 1 pods ready: container "main" runs, and its readiness probe does not succeed',
    );
    expect(told['no-config']).toContain('configmap "not-there" not found');
  });

  it('is not known where it has only just begun', () => {
    const young = findings.filter(({ check, subject }) => check === 'workload-not-ready' && subject.name === 'not-yet');
    expect(young).toEqual([
      expect.objectContaining({
        verdict: 'unknown',
        message: expect.stringContaining('readiness probe does not succeed'),
      }),
    ]);
  });

  it('names the autoscaler that does not find its target', () => {
    expect(of('autoscaler-cannot-scale').map(({ subject, evidence }) => `${subject.name}: ${evidence}`)).toEqual([
      expect.stringMatching(/^lost: AbleToScale is False, FailedGetScale/),
    ]);
  });

  it('names the claim that stays pending, and its class', () => {
    expect(of('claim-pending')).toEqual([
      expect.objectContaining({
        subject: expect.objectContaining({ name: 'data' }),
        message: expect.stringContaining('"not-there"'),
      }),
    ]);
  });

  it('names the Service that gets no address, and the one without a ready pod', () => {
    expect(of('load-balancer-pending').map(({ subject }) => subject.name)).toEqual(['crashes']);
    expect(of('service-without-ready-pods').map(({ subject }) => subject.name)).toEqual(['crashes']);
  });

  it('names the budget that lets no node be drained now', () => {
    expect(of('disruption-budget-exhausted').map(({ subject }) => subject.name)).toEqual(['no-image']);
  });

  it('names the quota that is used up, and the webhook that nobody answers', () => {
    expect(of('quota-nearly-used').map(({ evidence }) => evidence)).toEqual(['requests.storage 1Gi of 1Gi']);
    const unanswered = of('webhook-not-answering').filter(({ subject }) => subject.name === space.name);
    expect(unanswered.map(({ evidence }) => evidence)).toEqual([`there is no Service ${space.name}/not-there`]);
  });

  it('names the job that failed', () => {
    expect(of('job-failed')).toEqual([
      expect.objectContaining({
        subject: expect.objectContaining({ kind: 'Job', name: 'import' }),
        message: expect.stringContaining('exit code 4'),
      }),
    ]);
  });

  it('says nothing against what runs well', () => {
    const states = [
      'workload-not-ready',
      'service-without-ready-pods',
      'disruption-budget-exhausted',
      'container-restarts',
    ];
    const healthy = findings.filter(({ check, subject }) => subject.name === 'healthy' && states.includes(check));
    expect(healthy).toEqual([]);
  });
});
