// What the server fills in, kind by kind, and what it demands.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose } from './api-under-test.ts';

contract('defaults', (api) => {
  let namespace: string;

  beforeAll(async () => {
    namespace = await api.namespace();
  });

  const dry = async (prefix: string, plural: string, body: object): Promise<Loose> => {
    const path = plural.startsWith('/') ? `/${prefix}${plural}` : `/${prefix}/namespaces/${namespace}/${plural}`;
    const reply = await api.post(`${path}?dryRun=All`, body);
    expect(reply.code, reply.text).toBe(201);
    return reply.body;
  };
  const labels = { a: 'b' };
  const container = { name: 'c', image: 'x/y' };
  const template = (spec: object = {}) => ({ metadata: { labels }, spec: { containers: [container], ...spec } });
  const filledContainer = {
    ...container,
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: 'Always',
  };
  const filledPodSpec = {
    containers: [filledContainer],
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  };
  const selector = { matchLabels: labels };
  const workload = (kind: string, spec: object) => ({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'w' },
    spec: { selector, template: template(), ...spec },
  });

  it('of Deployments', async () => {
    const { spec, metadata } = await dry('apis/apps/v1', 'deployments', workload('Deployment', {}));
    expect(metadata.generation).toBe(1);
    expect(spec).toEqual({
      replicas: 1,
      selector,
      template: { metadata: { labels }, spec: filledPodSpec },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%', maxSurge: '25%' } },
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
    });
  });

  it('of StatefulSets', async () => {
    const claim = {
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    };
    const { spec, status } = await dry(
      'apis/apps/v1',
      'statefulsets',
      workload('StatefulSet', { serviceName: 's', volumeClaimTemplates: [claim] }),
    );
    expect(spec).toEqual({
      replicas: 1,
      selector,
      serviceName: 's',
      template: { metadata: { labels }, spec: filledPodSpec },
      volumeClaimTemplates: [
        {
          kind: 'PersistentVolumeClaim',
          apiVersion: 'v1',
          metadata: claim.metadata,
          spec: { ...claim.spec, volumeMode: 'Filesystem' },
          status: { phase: 'Pending' },
        },
      ],
      podManagementPolicy: 'OrderedReady',
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    });
    expect(status).toEqual({ replicas: 0, availableReplicas: 0 });
  });

  it('of DaemonSets', async () => {
    const { spec } = await dry('apis/apps/v1', 'daemonsets', workload('DaemonSet', {}));
    expect(spec).toEqual({
      selector,
      template: { metadata: { labels }, spec: filledPodSpec },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
      revisionHistoryLimit: 10,
    });
  });

  const jobTemplate = { spec: { restartPolicy: 'Never', containers: [container] } };

  it('of Jobs, which find their pods by themselves', async () => {
    const { metadata, spec } = await dry('apis/batch/v1', 'jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'w' },
      spec: { template: jobTemplate },
    });
    const { uid } = metadata;
    const own = {
      'batch.kubernetes.io/controller-uid': uid,
      'batch.kubernetes.io/job-name': 'w',
      'controller-uid': uid,
      'job-name': 'w',
    };
    expect(spec).toEqual({
      parallelism: 1,
      completions: 1,
      backoffLimit: 6,
      completionMode: 'NonIndexed',
      suspend: false,
      podReplacementPolicy: 'TerminatingOrFailed',
      manualSelector: false,
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } },
      template: { metadata: { labels: own }, spec: { ...filledPodSpec, restartPolicy: 'Never' } },
    });
    const queue = await dry('apis/batch/v1', 'jobs', {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'w' },
      spec: { parallelism: 3, template: jobTemplate },
    });
    expect(queue['spec']).not.toHaveProperty('completions');
  });

  it('of CronJobs', async () => {
    const { spec } = await dry('apis/batch/v1', 'cronjobs', {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata: { name: 'w' },
      spec: { schedule: '0 0 1 1 *', jobTemplate: { spec: { template: jobTemplate } } },
    });
    expect(spec).toMatchObject({
      concurrencyPolicy: 'Allow',
      suspend: false,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 1,
    });
    expect(spec.jobTemplate.spec.template.spec).toEqual({ ...filledPodSpec, restartPolicy: 'Never' });
    expect(spec.jobTemplate.spec).not.toHaveProperty('backoffLimit');
  });

  it('of containers, probes, ports and volumes', async () => {
    const probe = { httpGet: { port: 80 } };
    const rich = {
      name: 'c',
      image: 'x/y:1@sha256:0000000000000000000000000000000000000000000000000000000000000000',
      ports: [{ containerPort: 80 }],
      livenessProbe: probe,
      readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 3 },
      lifecycle: { preStop: { httpGet: { port: 80 } } },
      env: [{ name: 'N', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }],
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } },
    };
    const volumes = [
      { name: 'a', configMap: { name: 'x' } },
      { name: 'b', secret: { secretName: 'x' } },
      { name: 'c', hostPath: { path: '/x' } },
      { name: 'd' },
      { name: 'e', projected: { sources: [{ serviceAccountToken: { path: 't' } }] } },
    ];
    const { spec } = await dry(
      'apis/apps/v1',
      'deployments',
      workload('Deployment', { template: { metadata: { labels }, spec: { containers: [rich], volumes } } }),
    );
    const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
    expect(spec.template.spec.containers[0]).toMatchObject({
      imagePullPolicy: 'IfNotPresent',
      ports: [{ containerPort: 80, protocol: 'TCP' }],
      livenessProbe: { httpGet: { port: 80, path: '/', scheme: 'HTTP' }, ...times },
      readinessProbe: { tcpSocket: { port: 80 }, ...times, periodSeconds: 3 },
      lifecycle: { preStop: { httpGet: { port: 80, path: '/', scheme: 'HTTP' } } },
      env: [{ name: 'N', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } }],
      resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '500m' } },
    });
    expect(spec.template.spec.volumes).toEqual([
      { name: 'a', configMap: { name: 'x', defaultMode: 420 } },
      { name: 'b', secret: { secretName: 'x', defaultMode: 420 } },
      { name: 'c', hostPath: { path: '/x', type: '' } },
      { name: 'd', emptyDir: {} },
      {
        name: 'e',
        projected: { sources: [{ serviceAccountToken: { path: 't', expirationSeconds: 3600 } }], defaultMode: 420 },
      },
    ]);
  });

  it('of Pods, with what admission adds', async () => {
    const resources = { limits: { cpu: '1', memory: '1Gi' } };
    const pod = (spec: object) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p' },
      spec: { containers: [container], ...spec },
    });
    const { spec, status } = await dry('api/v1', 'pods', pod({}));
    expect(spec).toMatchObject({
      serviceAccountName: 'default',
      serviceAccount: 'default',
      enableServiceLinks: true,
      priority: 0,
      preemptionPolicy: 'PreemptLowerPriority',
      tolerations: [
        { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
        { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
      ],
    });
    const [volume] = spec.volumes;
    expect(volume).toMatchObject({ name: expect.stringMatching(/^kube-api-access-/), projected: { defaultMode: 420 } });
    expect(spec.containers[0].volumeMounts).toEqual([
      { name: volume.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ]);
    expect(status).toEqual({ phase: 'Pending', qosClass: 'BestEffort' });
    const guaranteed = await dry(
      'api/v1',
      'pods',
      pod({ automountServiceAccountToken: false, containers: [{ ...container, resources }] }),
    );
    expect(guaranteed['spec']).not.toHaveProperty('volumes');
    expect(guaranteed['spec'].containers[0].resources).toEqual({ ...resources, requests: resources.limits });
    expect(guaranteed['status'].qosClass).toBe('Guaranteed');
    const stranger = await api.post(`/api/v1/namespaces/${namespace}/pods`, pod({ serviceAccountName: 'nobody' }));
    expect(stranger.code).toBe(403);
    expect(stranger.body['message']).toContain(
      `error looking up service account ${namespace}/nobody: serviceaccount "nobody" not found`,
    );
  });

  it('of Services', async () => {
    const service = (spec: object) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec });
    const plain = await dry('api/v1', 'services', service({ selector: labels, ports: [{ port: 80 }] }));
    expect(plain['spec']).toEqual({
      selector: labels,
      ports: [{ protocol: 'TCP', port: 80, targetPort: 80 }],
      clusterIP: expect.stringMatching(/^\d+\.\d+\.\d+\.\d+$/),
      clusterIPs: [plain['spec'].clusterIP],
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      internalTrafficPolicy: 'Cluster',
    });
    expect(plain['status']).toEqual({ loadBalancer: {} });
    const headless = await dry('api/v1', 'services', service({ clusterIP: 'None', selector: labels }));
    expect(headless['spec']).toMatchObject({ clusterIP: 'None', clusterIPs: ['None'] });
    const open = await dry('api/v1', 'services', service({ type: 'LoadBalancer', ports: [{ port: 80 }] }));
    expect(open['spec']).toMatchObject({
      externalTrafficPolicy: 'Cluster',
      allocateLoadBalancerNodePorts: true,
      ports: [{ nodePort: expect.any(Number) }],
    });
    const external = await dry('api/v1', 'services', service({ type: 'ExternalName', externalName: 'x.test' }));
    expect(external['spec']).toEqual({ type: 'ExternalName', externalName: 'x.test', sessionAffinity: 'None' });
  });

  it('of Secrets, claims and volumes', async () => {
    const secret = await dry('api/v1', 'secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's' },
      data: { b: 'Yg==' },
      stringData: { a: 'b' },
    });
    expect(secret).toMatchObject({ type: 'Opaque', data: { a: 'Yg==', b: 'Yg==' } });
    expect(secret).not.toHaveProperty('stringData');
    const requests = { storage: '1Mi' };
    const claim = await dry('api/v1', 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests } },
    });
    expect(claim).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pvc-protection'] },
      spec: { volumeMode: 'Filesystem', storageClassName: expect.any(String) },
      status: { phase: 'Pending' },
    });
    const classless = await dry('api/v1', 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'c' },
      spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests } },
    });
    expect(classless['spec'].storageClassName).toBe('');
    const volume = await dry('api/v1', '/persistentvolumes', {
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'contract' },
      spec: { capacity: requests, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } },
    });
    expect(volume).toMatchObject({
      metadata: { finalizers: ['kubernetes.io/pv-protection'] },
      spec: { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem', hostPath: { path: '/x', type: '' } },
      status: { phase: 'Pending' },
    });
    const storage = await dry('apis/storage.k8s.io/v1', '/storageclasses', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: 'contract' },
      provisioner: 'x.y/z',
    });
    expect(storage).toMatchObject({ reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' });
  });

  it('of policies, budgets, scalers and namespaces', async () => {
    const ports = [{ port: 53 }];
    const policy = await dry('apis/networking.k8s.io/v1', 'networkpolicies', {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'p' },
      spec: { podSelector: {}, egress: [{ ports }] },
    });
    expect(policy['spec']).toEqual({
      podSelector: {},
      egress: [{ ports: [{ protocol: 'TCP', port: 53 }] }],
      policyTypes: ['Ingress', 'Egress'],
    });
    const budget = await dry('apis/policy/v1', 'poddisruptionbudgets', {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'p' },
      spec: { minAvailable: 1, selector },
    });
    expect(budget).toMatchObject({
      metadata: { generation: 1 },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    });
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'w' };
    const scaler = await dry('apis/autoscaling/v2', 'horizontalpodautoscalers', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'p' },
      spec: { maxReplicas: 3, scaleTargetRef: target },
    });
    expect(scaler['spec']).toMatchObject({
      minReplicas: 1,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ],
    });
    const space = await dry('api/v1', '/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'contract-dry' },
    });
    expect(space).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'contract-dry' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    });
  });

  const refused = async (prefix: string, plural: string, body: object): Promise<Loose> => {
    const reply = await api.post(`/${prefix}/namespaces/${namespace}/${plural}?dryRun=All`, body);
    expect(reply.code, reply.text).toBe(422);
    return Object.fromEntries(reply.body['details'].causes.map((each: Loose) => [each['field'], each['reason']]));
  };

  it('leave demands on workloads', async () => {
    const spec = {
      replicas: -1,
      selector: undefined,
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'C_', imagePullPolicy: 'Foo', ports: [{ containerPort: 0 }] }] },
      },
    };
    expect(await refused('apis/apps/v1', 'deployments', workload('Deployment', spec))).toMatchObject({
      'spec.replicas': 'FieldValueInvalid',
      'spec.selector': 'FieldValueRequired',
      'spec.template.spec.containers[0].name': 'FieldValueInvalid',
      'spec.template.spec.containers[0].image': 'FieldValueRequired',
      'spec.template.spec.containers[0].ports[0].containerPort': 'FieldValueRequired',
      'spec.template.spec.containers[0].imagePullPolicy': 'FieldValueNotSupported',
    });
    const other = workload('Deployment', { selector: { matchLabels: { z: 'y' } } });
    expect(await refused('apis/apps/v1', 'deployments', other)).toEqual({
      'spec.template.metadata.labels': 'FieldValueInvalid',
    });
    const once = workload('Deployment', { template: template({ restartPolicy: 'Never' }) });
    expect(await refused('apis/apps/v1', 'deployments', once)).toEqual({
      'spec.template.spec.restartPolicy': 'FieldValueNotSupported',
    });
    const mounted = workload('Deployment', {
      template: template({
        containers: [{ ...container, volumeMounts: [{ name: 'gone', mountPath: '/x' }] }, container],
      }),
    });
    expect(await refused('apis/apps/v1', 'deployments', mounted)).toEqual({
      'spec.template.spec.containers[0].volumeMounts[0].name': 'FieldValueNotFound',
      'spec.template.spec.containers[1].name': 'FieldValueDuplicate',
    });
  });

  it('leave demands on Services, claims, budgets, scalers and ConfigMaps', async () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } };
    expect(await refused('api/v1', 'services', { ...service, spec: {} })).toEqual({
      'spec.ports': 'FieldValueRequired',
    });
    expect(
      await refused('api/v1', 'services', { ...service, spec: { ports: [{ port: 1 }, { port: 2 }] } }),
    ).toMatchObject({ 'spec.ports[0].name': 'FieldValueRequired' });
    expect(
      await refused('api/v1', 'services', { ...service, metadata: { name: '1s' }, spec: { ports: [{ port: 1 }] } }),
    ).toEqual({ 'metadata.name': 'FieldValueInvalid' });
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'c' }, spec: {} };
    expect(await refused('api/v1', 'persistentvolumeclaims', claim)).toMatchObject({
      'spec.accessModes': 'FieldValueRequired',
    });
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name: 'p' },
      spec: { minAvailable: 1, maxUnavailable: 1, selector },
    };
    expect(await refused('apis/policy/v1', 'poddisruptionbudgets', budget)).toEqual({ spec: 'FieldValueInvalid' });
    const scaler = {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'p' },
      spec: { maxReplicas: 1, minReplicas: 2, scaleTargetRef: { kind: 'Deployment', name: 'w' } },
    };
    expect(await refused('apis/autoscaling/v2', 'horizontalpodautoscalers', scaler)).toMatchObject({
      'spec.maxReplicas': 'FieldValueInvalid',
    });
    const configMap = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { 'a b': 'c' } };
    expect(await refused('api/v1', 'configmaps', configMap)).toEqual({ 'data[a b]': 'FieldValueInvalid' });
  });
});
