import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { cpuLimitMissing } from './cpu-limit-missing.ts';
import { cpuRequestMissing } from './cpu-request-missing.ts';
import { cronScheduleInvalid } from './cron-schedule-invalid.ts';
import { duplicateEnv } from './duplicate-env.ts';
import { jobNeverRemoved } from './job-never-removed.ts';
import { jobWithoutDeadline } from './job-without-deadline.ts';
import { pinnedToNode } from './pinned-to-node.ts';
import { portClash } from './port-clash.ts';
import { prestopOutlastsGrace } from './prestop-outlasts-grace.ts';
import { probePortUndeclared } from './probe-port-undeclared.ts';
import { probesIdentical } from './probes-identical.ts';
import { requestAboveLimit } from './request-above-limit.ts';
import { restartPolicyNotAllowed } from './restart-policy-not-allowed.ts';
import { startupProbeMissing } from './startup-probe-missing.ts';

const podSpec = (container: string, spec: string) => `{${spec}containers: [{name: web, image: web, ${container}}]}`;
const pod = (container = 'env: []', spec = '') =>
  `---\napiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: ${podSpec(container, spec)}\n`;
const deployment = (container = 'env: []', spec = '') => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec: {selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: ${podSpec(container, spec)}}}
`;
const job = (more = '', spec = 'restartPolicy: Never, ') =>
  `---\napiVersion: batch/v1\nkind: Job\nmetadata: {name: web}\nspec: {${more}template: {spec: ${podSpec('env: []', spec)}}}\n`;
const cronJob = (more: string, jobSpec = '') => `---
apiVersion: batch/v1
kind: CronJob
metadata: {name: web}
spec: {${more}jobTemplate: {spec: {${jobSpec}template: {spec: ${podSpec('env: []', 'restartPolicy: Never, ')}}}}}
`;
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;
const told = (check: Check, text: string, field: 'path' | 'evidence' | 'message' = 'path') =>
  runOnText(check, text).findings.map((finding) => finding[field]);

describe('requests and limits', () => {
  const range = (limit: string, type = 'Container') =>
    `---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: a}\nspec: {limits: [{type: Pod, max: {memory: 1Gi}}, {type: ${type}, ${limit}}]}\n`;
  const other = range('default: {memory: 1Gi}');

  it.each([
    ['nothing', pod(), 'fail', 'fail'],
    ['a request', pod('resources: {requests: {cpu: 1}}'), 'pass', 'fail'],
    ['a limit, which is a request too', pod('resources: {limits: {cpu: 1}}'), 'pass', 'pass'],
    ['a request of null', pod('resources: {requests: {cpu: null}}'), 'fail', 'fail'],
    ['a default limit of the namespace', pod() + other + range('default: {cpu: 1}'), 'pass', 'pass'],
    ['a default request of the namespace', pod() + range('defaultRequest: {cpu: 1}'), 'pass', 'fail'],
    ['a highest limit of the namespace', pod() + range('max: {cpu: 1}'), 'pass', 'pass'],
    ['a lowest request of the namespace', pod() + range('min: {cpu: 1}'), 'pass', 'fail'],
    ['a default of claims', pod() + range('default: {cpu: 1}', 'PersistentVolumeClaim'), 'fail', 'fail'],
    ['a request of the pod', pod('env: []', 'resources: {requests: {cpu: 1}}, '), 'pass', 'fail'],
    ['a limit of the pod', pod('env: []', 'resources: {limits: {cpu: 1}}, '), 'fail', 'pass'],
  ])('with %s', (...[, text, request, limit]) => {
    expect([outcome(cpuRequestMissing, text), outcome(cpuLimitMissing, text)]).toEqual([request, limit]);
  });

  it('are asked of sidecars, not of init containers', () => {
    const init = (more: string) =>
      pod('resources: {limits: {cpu: 1}}', `initContainers: [{name: a, image: a${more}}], `);
    expect(outcome(cpuLimitMissing, init(''))).toBe('pass');
    expect(outcome(cpuLimitMissing, init(', restartPolicy: Always'))).toBe('fail');
  });

  it.each([
    ['{requests: {cpu: 2}, limits: {cpu: 1}}', ['request 2, limit 1']],
    ['{requests: {cpu: 1001m, memory: 1Gi}, limits: {cpu: 1, memory: 1Gi}}', ['request 1001m, limit 1']],
    ['{requests: {cpu: 1}, limits: {cpu: 1000m}}', []],
    ['{requests: {cpu: 1}, limits: {memory: 1Gi}}', []],
    ['{requests: {cpu: many}, limits: {cpu: 1}}', []],
    ['{requests: {cpu: [2]}, limits: {cpu: 1}}', []],
  ])('%s compare as quantities', (resources, evidence) => {
    expect(told(requestAboveLimit, pod(`resources: ${resources}`), 'evidence')).toEqual(evidence);
  });
});

describe('ports', () => {
  it.each([
    ['one name twice', '[{name: a, containerPort: 1}, {name: a, containerPort: 2}]', ['the port name "a"']],
    ['one number twice', '[{containerPort: 1}, {containerPort: 1, protocol: TCP}]', ['port TCP 1']],
    ['one number in two protocols', '[{containerPort: 1}, {containerPort: 1, protocol: UDP}]', []],
    ['two of each', '[{name: a, containerPort: 1}, {name: b, containerPort: 2}]', []],
  ])('with %s', (_, ports, words) => {
    expect(told(portClash, pod(`ports: ${ports}`), 'message')).toEqual(
      words.map((each) => expect.stringContaining(each)),
    );
  });

  it('clash with those of a sidecar, not of an init container', () => {
    const init = (more: string) =>
      pod('ports: [{containerPort: 1}]', `initContainers: [{name: a, image: a, ports: [{containerPort: 1}]${more}}], `);
    expect(outcome(portClash, init(', restartPolicy: Always'))).toBe('fail');
    expect(outcome(portClash, init(''))).toBe('not-applicable');
  });

  it.each([
    ['{port: http}', []],
    ['{port: 8080}', []],
    ['{port: "8080"}', []],
    ['{port: null}', []],
    ['{port: web}', ['no port of the container is named web']],
    ['{port: h2}', ['no port of the container is named h2']],
    ['{port: 2h}', ['no port of the container is named 2h']],
    ['{port: 9}', ['declared: 8080']],
    ['{port: "90"}', ['declared: 8080']],
  ])('of a probe %s', (handler, evidence) => {
    const declared = 'ports: [{name: http, containerPort: 8080}, {protocol: TCP}]';
    expect(told(probePortUndeclared, pod(`${declared}, readinessProbe: {httpGet: ${handler}}`), 'evidence')).toEqual(
      evidence,
    );
  });

  it('of a probe need no declaration where there is none', () => {
    expect(outcome(probePortUndeclared, pod('livenessProbe: {tcpSocket: {port: 9}}'))).toBe('pass');
    expect(outcome(probePortUndeclared, pod('livenessProbe: {tcpSocket: {port: web}}'))).toBe('fail');
    expect(outcome(probePortUndeclared, pod('livenessProbe: {exec: {command: [a]}}'))).toBe('not-applicable');
  });
});

describe('probes and stops', () => {
  const probe = 'httpGet: {path: /, port: 80}, periodSeconds: 5';

  it.each([
    ['are equal', `livenessProbe: {${probe}}, readinessProbe: {${probe}}`, 'fail'],
    [
      'are equal in another order',
      `livenessProbe: {${probe}}, readinessProbe: {periodSeconds: 5, httpGet: {port: 80, path: /}}`,
      'fail',
    ],
    ['differ inside', `livenessProbe: {${probe}}, readinessProbe: {${probe.replace('80', '81')}}`, 'pass'],
    ['differ outside', `livenessProbe: {${probe}}, readinessProbe: {${probe.replace('5', '6')}}`, 'pass'],
    ['are one', `livenessProbe: {${probe}}`, 'not-applicable'],
    ['are the other', `readinessProbe: {${probe}}`, 'not-applicable'],
    ['are none', 'env: []', 'not-applicable'],
  ])('%s', (_, container, verdict) => {
    expect(outcome(probesIdentical, deployment(container))).toBe(verdict);
    expect(outcome(probesIdentical, pod(container))).toBe('not-applicable');
  });

  it.each([
    ['livenessProbe: {initialDelaySeconds: 60}', 'fail'],
    ['livenessProbe: {initialDelaySeconds: 59}', 'pass'],
    ['livenessProbe: {initialDelaySeconds: 60}, startupProbe: {httpGet: {port: 80}}', 'pass'],
    ['livenessProbe: {periodSeconds: 5}', 'pass'],
    ['livenessProbe: {}', 'not-applicable'],
    ['env: []', 'not-applicable'],
  ])('with %s wait too long: %s', (container, verdict) => {
    expect(outcome(startupProbeMissing, deployment(container))).toBe(verdict);
    expect(outcome(startupProbeMissing, pod(container))).toBe('not-applicable');
  });

  it.each([
    ['sleep: {seconds: 30}', 30],
    ['sleep: {seconds: 31}', 31],
    ['sleep: {seconds: 29}', undefined],
    ['exec: {command: [sleep, "30"]}', 30],
    ['exec: {command: [/bin/sleep, "45"]}', 45],
    ['exec: {command: [sh, -c, "nginx -s quit; sleep  60 "]}', 60],
    ['exec: {command: [sh, -c, sleep 5]}', undefined],
  ])('preStop %s', (action, seconds) => {
    const text = pod(`lifecycle: {preStop: {${action}}}`);
    expect(told(prestopOutlastsGrace, text, 'message')).toEqual(
      seconds === undefined
        ? []
        : [expect.stringContaining(`waits ${seconds} seconds in preStop and is killed after 30`)],
    );
    expect(outcome(prestopOutlastsGrace, text)).toBe(seconds === undefined ? 'pass' : 'fail');
  });

  it.each([
    ['exec: {command: [sh, -c, sleep 60 && nginx -s quit]}'],
    ['exec: {command: [sh, -c, nosleep 60]}'],
    ['exec: {command: [sh, -c, sleep forever]}'],
    ['exec: {command: [nginx, -s, quit]}'],
    ['httpGet: {port: 80}'],
  ])('preStop %s is no plain wait', (action) => {
    expect(outcome(prestopOutlastsGrace, pod(`lifecycle: {preStop: {${action}}}`))).toBe('not-applicable');
  });

  it('preStop has the grace that the pod gives', () => {
    const wait = 'lifecycle: {preStop: {sleep: {seconds: 40}}}';
    expect(outcome(prestopOutlastsGrace, pod(wait, 'terminationGracePeriodSeconds: 60, '))).toBe('pass');
    expect(told(prestopOutlastsGrace, pod(wait, 'terminationGracePeriodSeconds: 35, '), 'evidence')).toEqual([
      'terminationGracePeriodSeconds is 35',
    ]);
  });
});

describe('where and how often a pod runs', () => {
  it.each([
    ['nodeName: a, ', '/spec/nodeName', '"a"', 'nodeName is set'],
    [
      'nodeSelector: {kubernetes.io/hostname: b}, ',
      '/spec/nodeSelector/kubernetes.io~1hostname',
      '"b"',
      'names a host',
    ],
    ['nodeName: a, nodeSelector: {kubernetes.io/hostname: b}, ', '/spec/nodeName', '"a"', 'nodeName is set'],
  ])('%s pins it', (...[spec, path, name, evidence]) => {
    expect(runOnText(pinnedToNode, pod('env: []', spec)).findings).toEqual([
      expect.objectContaining({
        path,
        message: expect.stringContaining(name),
        evidence: expect.stringContaining(evidence),
      }),
    ]);
  });

  it.each([
    ['Job', job(), 'pass'],
    ['Job that starts again', job('', 'restartPolicy: OnFailure, '), 'pass'],
    ['Job by default', job('', ''), 'fail'],
    ['Deployment by default', deployment(), 'pass'],
    ['Deployment', deployment('env: []', 'restartPolicy: Always, '), 'pass'],
    ['Deployment that ends', deployment('env: []', 'restartPolicy: Never, '), 'fail'],
    ['Pod that ends', pod('env: []', 'restartPolicy: Never, '), 'not-applicable'],
  ])('a %s has an allowed policy of restarts, or not', (_, text, verdict) => {
    expect(outcome(restartPolicyNotAllowed, text)).toBe(verdict);
  });

  it('a job that may hang is told at its place', () => {
    expect(told(jobWithoutDeadline, job())).toEqual(['/spec/activeDeadlineSeconds']);
    expect(told(jobWithoutDeadline, cronJob('schedule: "@daily", '))).toEqual([
      '/spec/jobTemplate/spec/activeDeadlineSeconds',
    ]);
    expect(told(jobWithoutDeadline, job('activeDeadlineSeconds: 9, '))).toEqual([]);
    expect(told(jobWithoutDeadline, cronJob('schedule: "@daily", ', 'activeDeadlineSeconds: 9, '))).toEqual([]);
    expect(told(jobWithoutDeadline, job('', 'activeDeadlineSeconds: 9, '))).toEqual([]);
    expect(outcome(jobWithoutDeadline, deployment())).toBe('not-applicable');
  });

  it('a job that a chart runs as a hook is removed by the chart', () => {
    expect(outcome(jobNeverRemoved, job())).toBe('fail');
    const hook = runOnText(jobNeverRemoved, job(), {
      snapshot: (snapshot) => ({
        ...snapshot,
        objects: snapshot.objects.map((object) => ({
          ...object,
          source: { ...object.source, origin: { ...object.source.origin, hook: 'pre-install' } },
        })),
      }),
    });
    expect(hook.outcome).toBe('not-applicable');
  });

  it('a schedule is what Kubernetes takes', () => {
    const schedule = (text: string, minor: number) => runOnText(cronScheduleInvalid, cronJob(text), { minor }).findings;
    expect(schedule('schedule: "0 3 * * *", ', 34)).toEqual([]);
    expect(schedule('schedule: "0 25 * * *", ', 34)).toHaveLength(1);
    expect(schedule('schedule: "TZ=Europe/Berlin 0 3 * * *", ', 28)).toEqual([]);
    expect(schedule('schedule: "TZ=Europe/Berlin 0 3 * * *", ', 29)).toEqual([
      expect.objectContaining({ evidence: expect.stringContaining('use spec.timeZone') }),
    ]);
    expect(schedule('', 34)).toEqual([expect.objectContaining({ evidence: 'schedule is not set' })]);
  });

  it('a variable that is set twice is told at its second place', () => {
    expect(told(duplicateEnv, pod('env: [{name: A, value: a}, {name: B, value: b}, {name: A, value: c}]'))).toEqual([
      '/spec/containers/0/env/2/name',
    ]);
  });
});
