import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { classMissing } from './class-missing.ts';
import { configKeyMissing } from './config-key-missing.ts';
import { configmapMissing } from './configmap-missing.ts';
import { configmapUnused } from './configmap-unused.ts';
import { headlessServiceMissing } from './headless-service-missing.ts';
import { secretMissing } from './secret-missing.ts';
import { serviceAccountMissing } from './service-account-missing.ts';
import { volumeMissing } from './volume-missing.ts';
import { volumeUnused } from './volume-unused.ts';
import { webhookServiceMissing } from './webhook-service-missing.ts';

const pod = (container: string, spec = '') => `---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {${spec}containers: [{name: web, image: web, ${container}}]}
`;
const configMap = (name: string, more = 'data: {a: b}') => `---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: shop}
${more}
`;
const evidence = (check: Check, text: string) => runOnText(check, text).findings.map((finding) => finding.evidence);

describe('a name without its object', () => {
  it('is told with the place that was searched', () => {
    expect(evidence(configmapMissing, pod('envFrom: [{configMapRef: {name: gone}}]'))).toEqual([
      'no ConfigMap of this name in namespace shop',
    ]);
    expect(evidence(secretMissing, pod('envFrom: [{secretRef: {name: gone}}]'))).toEqual([
      'would be settled by a look at the target cluster: Secret shop/gone',
    ]);
    expect(evidence(classMissing, pod('env: []', 'priorityClassName: gone, '))).toEqual([
      'would be settled by a look at the target cluster: PriorityClass gone',
    ]);
  });

  it('is told once for each object, and for each name', () => {
    const names = 'envFrom: [{configMapRef: {name: a}}, {configMapRef: {name: a}}, {configMapRef: {name: b}}]';
    expect(evidence(configmapMissing, pod(names))).toHaveLength(2);
  });

  it.each([
    ['the certificate of the cluster', configmapMissing, pod('envFrom: [{configMapRef: {name: kube-root-ca.crt}}]')],
    ['an optional one', configmapMissing, pod('envFrom: [{configMapRef: {name: gone, optional: true}}]')],
    ['the default account', serviceAccountMissing, pod('env: []', 'serviceAccountName: default, ')],
    [
      'an account of kube-system',
      serviceAccountMissing,
      pod('env: []', 'serviceAccountName: coredns, ').replace('namespace: shop', 'namespace: kube-system'),
    ],
    [
      'the subject of a binding, which another check tells',
      serviceAccountMissing,
      `---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: web}
subjects: [{kind: ServiceAccount, name: gone, namespace: shop}]
`,
    ],
    [
      'the Service of an Ingress, which another check tells',
      webhookServiceMissing,
      `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec: {defaultBackend: {service: {name: gone, port: {number: 80}}}}
`,
    ],
  ])('is no finding where it is %s', (_, check, text) => {
    expect(runOnText(check, text).outcome).toBe('pass');
  });

  it('is asked for where something of the kind is named, whatever else is', () => {
    const both = pod('envFrom: [{configMapRef: {name: a}}, {secretRef: {name: db}}]') + configMap('a');
    expect(runOnText(configmapMissing, both).outcome).toBe('pass');
    expect(runOnText(configmapMissing, pod('envFrom: [{secretRef: {name: db}}]')).outcome).toBe('not-applicable');
  });
});

describe('a key that a pod reads', () => {
  const reads = pod(
    'env: [{name: A, valueFrom: {configMapKeyRef: {name: s, key: a}}}], envFrom: [{configMapRef: {name: t}}]',
  );

  it.each([
    ['is there', configMap('s'), 'pass'],
    ['is there as binary data', configMap('s', 'binaryData: {a: YQ==}'), 'pass'],
    ['is missing', configMap('s', 'data: {b: c}'), 'fail'],
    ['is missing beside an empty field', configMap('s', 'data: {b: c}\nbinaryData: {}'), 'fail'],
    ['may be filled in by somebody', configMap('s', 'data: {}'), 'pass'],
    ['is of a ConfigMap that is not there', configMap('t'), 'pass'],
  ])('%s', (_, target, outcome) => {
    expect(runOnText(configKeyMissing, reads + target).outcome).toBe(outcome);
  });

  it('may be optional, and no key is asked of one who reads all', () => {
    const optional = pod('env: [{name: A, valueFrom: {configMapKeyRef: {name: s, key: a, optional: true}}}]');
    expect(runOnText(configKeyMissing, optional + configMap('s', 'data: {b: c}')).outcome).toBe('pass');
    const all = pod('envFrom: [{configMapRef: {name: s}}]') + configMap('s', 'data: {b: c}');
    expect(runOnText(configKeyMissing, all).outcome).toBe('not-applicable');
  });
});

describe('a ConfigMap that no pod uses', () => {
  it.each([
    ['is told', configMap('s') + pod('env: []'), 'fail'],
    ['is not told where there is no pod at all', configMap('s'), 'not-applicable'],
    ['may be the certificate of the cluster', configMap('kube-root-ca.crt') + pod('env: []'), 'not-applicable'],
    [
      'may be found by its label',
      configMap('s').replace('name: s,', 'name: s, labels: {grafana_dashboard: "1"},') + pod('env: []'),
      'not-applicable',
    ],
  ])('%s', (_, text, outcome) => {
    expect(runOnText(configmapUnused, text).outcome).toBe(outcome);
  });
});

describe('the Service of a StatefulSet', () => {
  const statefulSet = (name: string, app: string, serviceName: string) => `---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: ${name}}
spec:
  ${serviceName}
  selector: {matchLabels: {app: ${app}}}
  template: {metadata: {labels: {app: ${app}}}, spec: {containers: [{name: db, image: db}]}}
`;
  const service = (clusterIP: string) => `---
apiVersion: v1
kind: Service
metadata: {name: db}
spec: {clusterIP: ${clusterIP}, selector: {app: db}}
`;

  it.each([
    ['is not named', statefulSet('db', 'db', 'replicas: 1'), 'names no Service'],
    ['is not there', statefulSet('db', 'db', 'serviceName: db'), 'is not in the input'],
    ['has an address', statefulSet('db', 'db', 'serviceName: db') + service('10.0.0.9'), 'is not headless'],
    [
      'selects the pods of another',
      statefulSet('db', 'other', 'serviceName: db') + statefulSet('cache', 'db', 'serviceName: db') + service('None'),
      'does not select its pods',
    ],
  ])('%s', (_, text, words) => {
    expect(runOnText(headlessServiceMissing, text).findings).toEqual([
      expect.objectContaining({ message: expect.stringContaining(words) }),
    ]);
  });

  it('selects its pods, and may select others too', () => {
    const two = statefulSet('db', 'db', 'serviceName: db') + statefulSet('cache', 'db', 'serviceName: db');
    expect(runOnText(headlessServiceMissing, two + service('None')).outcome).toBe('pass');
  });
});

describe('volumes and mounts', () => {
  const mount = 'volumeMounts: [{name: data, mountPath: /data}]';

  it('are told with the volumes that there are', () => {
    expect(evidence(volumeMissing, pod(mount))).toEqual(['declared: none']);
    expect(
      evidence(volumeMissing, pod(mount, 'volumes: [{name: a, emptyDir: {}}, {name: b, emptyDir: {}}], ')),
    ).toEqual(['declared: a, b']);
  });

  it('are not asked about where there are none', () => {
    expect(runOnText(volumeUnused, pod('env: []')).outcome).toBe('not-applicable');
    expect(runOnText(volumeUnused, pod(mount, 'volumes: [{name: data, emptyDir: {}}], ')).outcome).toBe('pass');
  });
});
