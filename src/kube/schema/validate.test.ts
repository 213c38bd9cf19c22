import { describe, expect, test } from 'vitest';
import { toJsonPointer } from '../../model/index.ts';
import { parseYaml } from '../yaml/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { loadSchemas, type SchemaProblem, validateObject } from './index.ts';

const schemas = await loadSchemas();

function read(yaml: string): JsonObject {
  const outcome = parseYaml(yaml);
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.parsed.values[0] as JsonObject;
}

function judge(yaml: string, minor = 34): SchemaProblem[] {
  return validateObject(schemas, read(yaml), { minor });
}

/** `kind path`, the short form of what was found. */
function found(yaml: string, minor = 34): string[] {
  return judge(yaml, minor).map((problem) => `${problem.kind} ${toJsonPointer(problem.path)}`);
}

function pod(container: string, spec = ''): string {
  return `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
${spec}
  containers:
    - name: web
      image: nginx
${container}`;
}

function deployment(spec: string): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
${spec}`;
}

const template = `
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: nginx}]`;

describe('an object that fits its kind', () => {
  test('has no problem', () => {
    expect(found(deployment(`  replicas: 2${template}`))).toEqual([]);
  });

  test('may have nulls where fields are absent', () => {
    expect(
      found(`
apiVersion: v1
kind: Service
metadata: {name: web, creationTimestamp: null, labels: null}
spec: {ports: [{port: 80, targetPort: http, nodePort: null}]}
status: {loadBalancer: {}}`),
    ).toEqual([]);
  });

  test('may write quantities as numbers, and ports as names', () => {
    const container = `
      resources: {limits: {cpu: 1, memory: 1.5Gi}, requests: {cpu: 0.5, memory: 1e9}}
      livenessProbe: {httpGet: {port: http}}`;
    expect(found(pod(container))).toEqual([]);
  });

  test('is judged item by item in a List', () => {
    expect(
      found(`
apiVersion: v1
kind: List
items:
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}
  - {apiVersion: v1, kind: ConfigMap, metadata: {name: b}, dat: {}}`),
    ).toEqual(['unknown-field /items/1/dat']);
  });
});

describe('a field of the wrong type', () => {
  test.each([
    ['env: [{name: A, value: 1}]', '/spec/containers/0/env/0/value', 'Put the value in quotes'],
    ['env: [{name: A, value: true}]', '/spec/containers/0/env/0/value', 'Put the value in quotes'],
    ['args: [1]', '/spec/containers/0/args/0', 'Put the value in quotes'],
    ['ports: [{containerPort: "80"}]', '/spec/containers/0/ports/0/containerPort', 'Remove the quotes'],
    ['tty: "true"', '/spec/containers/0/tty', 'Remove the quotes'],
    ['command: sleep 1', '/spec/containers/0/command', undefined],
    ['ports: {containerPort: 80}', '/spec/containers/0/ports', undefined],
    ['resources: [cpu]', '/spec/containers/0/resources', undefined],
    ['resources: {limits: {cpu: true}}', '/spec/containers/0/resources/limits/cpu', undefined],
    ['ports: [{containerPort: 80.5}]', '/spec/containers/0/ports/0/containerPort', undefined],
    ['livenessProbe: {tcpSocket: {port: 8.5}}', '/spec/containers/0/livenessProbe/tcpSocket/port', undefined],
  ])('%s', (field, path, suggestion) => {
    const problems = judge(pod(`      ${field}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ kind: 'wrong-type', ...(suggestion === undefined ? {} : { suggestion }) });
    expect(toJsonPointer(problems[0]?.path ?? [])).toBe(path);
  });

  test('is found in labels and annotations', () => {
    expect(
      found('{apiVersion: v1, kind: ConfigMap, metadata: {name: a, labels: {a: yes}, annotations: {b: 1}}}'),
    ).toEqual(['wrong-type /metadata/labels/a', 'wrong-type /metadata/annotations/b']);
  });

  test('is told without its value, which may be secret', () => {
    const [problem] = judge('{apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {pin: 907431}}');
    expect(problem?.kind).toBe('wrong-type');
    expect(JSON.stringify(problem)).not.toContain('907431');
  });
});

describe('a value of the wrong form', () => {
  test.each([
    ['resources: {limits: {memory: 64MB}}', '/spec/containers/0/resources/limits/memory'],
    ['resources: {limits: {memory: 1 Gi}}', '/spec/containers/0/resources/limits/memory'],
    ['ports: [{containerPort: 3000000000}]', '/spec/containers/0/ports/0/containerPort'],
  ])('%s', (field, path) => {
    expect(found(pod(`      ${field}`))).toEqual([`invalid-format ${path}`]);
  });

  test('is found in the data of a Secret that is no base64', () => {
    const secret = (value: string): string[] =>
      found(`{apiVersion: v1, kind: Secret, metadata: {name: a}, data: {a: "${value}"}}`);
    expect(secret('cGFzcw==')).toEqual([]);
    expect(secret('')).toEqual([]);
    expect(secret('cGFzcw')).toEqual(['invalid-format /data/a']);
    expect(secret('pass word')).toEqual(['invalid-format /data/a']);
  });

  test('is found among listed values, which the message names', () => {
    const [problem] = judge(pod('      imagePullPolicy: always'));
    expect(problem).toMatchObject({ kind: 'invalid-enum', message: expect.stringContaining('"Always"') as string });
  });
});

describe('a required field', () => {
  test('is missing where it should stand', () => {
    expect(found(deployment(''))).toEqual(['missing-field /spec/template']);
    expect(found(pod('', '  volumes: [{emptyDir: {}}]'))).toEqual(['missing-field /spec/volumes/0/name']);
  });

  test('is missing when it is null', () => {
    expect(found('{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {containers: null}}')).toEqual([
      'missing-field /spec/containers',
    ]);
  });
});

describe('items of a list that share their key', () => {
  test('are found, with the default of the key', () => {
    const ports = 'ports: [{containerPort: 80, name: a}, {containerPort: 80, protocol: TCP, name: b}]';
    expect(found(pod(`      ${ports}`))).toEqual(['duplicate-list-key /spec/containers/0/ports/1']);
  });

  test('differ when any part of the key does', () => {
    const ports = 'ports: [{containerPort: 53, name: a}, {containerPort: 53, protocol: UDP, name: b}]';
    expect(found(pod(`      ${ports}`))).toEqual([]);
  });
});

describe('an unknown field', () => {
  test.each([
    ['imagePullPolcy: Always', 'Rename it to "imagePullPolicy"', 'imagePullPolicy'],
    ['ImagePullPolicy: Always', 'Rename it to "imagePullPolicy"', 'imagePullPolicy'],
    ['cmd: [sh]', 'Rename it to "command"', 'command'],
    ['volumeMount: []', 'Rename it to "volumeMounts"', 'volumeMounts'],
    ['volumes: []', 'Move it to /spec', undefined],
    ['runAsNonRoot: true', 'Move it to /spec/containers/0/securityContext', undefined],
    ['httpGet: {}', undefined, undefined],
    ['zzz: 1', undefined, undefined],
  ])('%s in a container: %s', (field, suggestion, rename) => {
    const problems = judge(pod(`      ${field}`));
    expect(problems).toHaveLength(1);
    expect(problems[0]?.kind).toBe('unknown-field');
    expect(problems[0]?.suggestion).toBe(suggestion);
    expect(problems[0]?.rename).toBe(rename);
  });

  test('is looked for further down', () => {
    const [problem] = judge(deployment(`  containers: []${template}`));
    expect(problem).toMatchObject({ kind: 'unknown-field', suggestion: 'Move it to /spec/template/spec' });
  });

  test('of a later minor is told with that minor', () => {
    const container = '      resizePolicy: [{resourceName: cpu, restartPolicy: NotRequired}]';
    expect(found(pod(container), 27)).toEqual([]);
    const [problem] = judge(pod(container), 26);
    expect(problem).toMatchObject({ kind: 'unknown-field', message: expect.stringContaining('1.27') as string });
  });

  test('is open to doubt where the target is newer than the table', () => {
    const [problem] = judge(pod('      brandNew: 1'), schemas.newestMinor + 1);
    expect(problem).toMatchObject({ kind: 'unknown-field', unknown: true });
    expect(judge(pod('      brandNew: 1'), schemas.newestMinor)[0]?.unknown).toBeUndefined();
  });
});

describe('a kind that is not served', () => {
  test.each([
    ['batch/v1beta1', 'CronJob', 'removed-kind', 'batch/v1'],
    ['extensions/v1beta1', 'Ingress', 'removed-kind', 'networking.k8s.io/v1'],
    ['extensions/v1beta1', 'Deployment', 'removed-kind', 'apps/v1'],
    ['apps/v1beta2', 'StatefulSet', 'removed-kind', 'apps/v1'],
    ['policy/v1beta1', 'PodSecurityPolicy', 'removed-kind', undefined],
    ['v1', 'Deployment', 'unknown-kind', 'apps/v1'],
    ['apps/v1', 'Ingress', 'unknown-kind', 'networking.k8s.io/v1'],
    ['apps/v1', 'deployment', 'unknown-kind', 'Deployment'],
    ['v1', 'Confgmap', 'unknown-kind', 'ConfigMap'],
    ['v1', 'Spaceship', 'unknown-kind', undefined],
  ])('%s %s', (apiVersion, kind, expected, rename) => {
    const problems = validateObject(schemas, { apiVersion, kind, metadata: { name: 'a' } }, { minor: 34 });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.kind).toBe(expected);
    expect(problems[0]?.rename).toBe(rename);
    expect(problems[0]?.unknown).toBeUndefined();
  });

  test('was served by an older minor', () => {
    const cronJob = `
apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: a}
spec: {schedule: "* * * * *", jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}}`;
    expect(found(cronJob, 24)).toEqual([]);
    expect(found(cronJob, 25)).toEqual(['removed-kind /apiVersion']);
  });

  test('is unknown where only a cluster can tell', () => {
    const [problem] = judge('{apiVersion: cert-manager.io/v1, kind: Issuer, metadata: {name: a}}');
    expect(problem).toMatchObject({ kind: 'unknown-kind', unknown: true });
  });
});

describe('an empty string', () => {
  test('is no value where a field may be left out, and a wrong one where it must be set', () => {
    expect(found(pod('      imagePullPolicy: ""'))).toEqual([]);
    const taint = (effect: string): string[] =>
      found(`{apiVersion: v1, kind: Node, metadata: {name: a}, spec: {taints: [{key: a, effect: ${effect}}]}}`);
    expect(taint('NoSchedule')).toEqual([]);
    expect(taint('""')).toEqual(['invalid-enum /spec/taints/0/effect']);
  });
});
