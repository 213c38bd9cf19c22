import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { antiAffinityWithoutMatch } from './anti-affinity-without-match.ts';
import { hpaAndReplicas } from './hpa-and-replicas.ts';
import { hpaFixedReplicas } from './hpa-fixed-replicas.ts';
import { hpaMinReplicas } from './hpa-min-replicas.ts';
import { hpaWithoutRequests } from './hpa-without-requests.ts';
import { pdbBlocksDrain } from './pdb-blocks-drain.ts';
import { pdbOverlapping } from './pdb-overlapping.ts';
import { pdbUnhealthyPods } from './pdb-unhealthy-pods.ts';
import { priorityClassMissing } from './priority-class-missing.ts';
import { releaseTakesAllDown } from './release-takes-all-down.ts';
import { selectorMismatch } from './selector-mismatch.ts';
import { singleReplica } from './single-replica.ts';
import { topologySpreadMissing } from './topology-spread-missing.ts';

interface Parts {
  readonly kind?: string;
  readonly spec?: string;
  readonly pod?: string;
  readonly containers?: string;
}

function workload({ kind = 'Deployment', spec = '', pod = '', containers = '[{name: web, image: web}]' }: Parts = {}) {
  return `---
apiVersion: apps/v1
kind: ${kind}
metadata: {name: web}
spec: {${spec}selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {${pod}containers: ${containers}}}}
`;
}
const three = workload({ spec: 'replicas: 3, ' });
const service = '---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}}\n';
const budget = (spec: string, name = 'web') =>
  `---\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: ${name}}\nspec: {selector: {matchLabels: {app: web}}, ${spec}}\n`;
const autoscaler = (spec: string, name = 'web') => `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: ${name}}, ${spec}}
`;
const outcome = (check: Check, text: string) => runOnText(check, text).outcome;
const evidence = (check: Check, text: string) => runOnText(check, text).findings.map((finding) => finding.evidence);

describe('a disruption budget', () => {
  it.each([
    ['maxUnavailable: 0', 'maxUnavailable 0 of 3 pods'],
    ['maxUnavailable: 0%', 'maxUnavailable 0% of 3 pods'],
    ['minAvailable: 3', 'minAvailable 3 of 3 pods'],
    ['minAvailable: 9', 'minAvailable 9 of 3 pods'],
    ['minAvailable: 100%', 'minAvailable 100% of 3 pods'],
    ['minAvailable: 67%', 'minAvailable 67% of 3 pods'],
  ])('with %s blocks drains', (spec, told) => {
    expect(evidence(pdbBlocksDrain, three + budget(spec))).toEqual([told]);
  });

  it.each([
    ['maxUnavailable: 1'],
    ['maxUnavailable: 1%'],
    ['minAvailable: 2'],
    ['minAvailable: 66%'],
    ['minAvailable: x100%'],
    ['minAvailable: 100%x'],
    ['minAvailable: "3"'],
    ['unhealthyPodEvictionPolicy: AlwaysAllow'],
  ])('with %s does not', (spec) => {
    expect(evidence(pdbBlocksDrain, three + budget(spec))).toEqual([]);
  });

  it('of one pod and of none is told, or not', () => {
    expect(evidence(pdbBlocksDrain, workload() + budget('minAvailable: 1'))).toEqual(['minAvailable 1 of 1 pod']);
    expect(evidence(pdbBlocksDrain, budget('minAvailable: 1'))).toEqual([]);
  });

  it('beside another is told by name', () => {
    const two = budget('maxUnavailable: 1', 'a') + budget('maxUnavailable: 1', 'b');
    expect(evidence(pdbOverlapping, workload() + two)).toEqual(['selected by a, b']);
    expect(outcome(pdbOverlapping, workload() + budget('maxUnavailable: 1'))).toBe('pass');
    expect(outcome(pdbOverlapping, workload())).toBe('not-applicable');
  });

  it('can free unhealthy pods from 1.27 on', () => {
    expect(runOnText(pdbUnhealthyPods, budget('minAvailable: 1'), { minor: 27 }).outcome).toBe('fail');
    expect(runOnText(pdbUnhealthyPods, budget('minAvailable: 1'), { minor: 26 }).outcome).toBe('not-applicable');
  });
});

describe('an autoscaler on utilisation', () => {
  const cpu = '[{name: web, image: web, resources: {requests: {cpu: 100m}}}]';
  const metric = (type: string) => `metrics: [{type: Resource, resource: {name: memory, target: {type: ${type}}}}]`;

  it.each([
    ['without metrics, which means CPU', workload(), 'maxReplicas: 3', ['cpu']],
    ['in its oldest form', workload(), 'targetCPUUtilizationPercentage: 80, metrics: [{type: Pods}]', ['cpu']],
    ['of memory', workload({ containers: cpu }), metric('Utilization'), ['memory']],
    [
      'in the form of v2beta1',
      workload(),
      'metrics: [{type: Resource, resource: {name: cpu, targetAverageUtilization: 80}}]',
      ['cpu'],
    ],
    ['with a request', workload({ containers: cpu }), 'maxReplicas: 3', []],
    ['that wants an amount', workload(), metric('AverageValue'), []],
    [
      'of something else',
      workload(),
      'metrics: [{type: Pods, resource: {name: cpu, target: {type: Utilization}}}]',
      [],
    ],
    ['of a target that is not in the input', '', 'maxReplicas: 3', []],
    [
      'with an init container without a request',
      workload({ containers: `${cpu}, initContainers: [{name: a, image: a}]` }),
      'maxReplicas: 3',
      [],
    ],
    [
      'with a sidecar without a request',
      workload({ containers: `${cpu}, initContainers: [{name: a, image: a, restartPolicy: Always}]` }),
      'maxReplicas: 3',
      ['cpu'],
    ],
    [
      'with two containers, told once',
      workload({ containers: '[{name: a, image: a}, {name: b, image: b}]' }),
      'x: y',
      ['cpu'],
    ],
  ])('%s', (_, target, spec, resources) => {
    expect(evidence(hpaWithoutRequests, target + autoscaler(spec))).toEqual(
      resources.map((resource) => `resources.requests.${resource} is not set`),
    );
  });

  it('fights with replicas of its target', () => {
    expect(outcome(hpaAndReplicas, three + autoscaler('maxReplicas: 3'))).toBe('fail');
    expect(outcome(hpaAndReplicas, workload() + autoscaler('maxReplicas: 3'))).toBe('pass');
    expect(outcome(hpaAndReplicas, three + autoscaler('maxReplicas: 3', 'gone'))).toBe('pass');
  });

  it('has bounds that leave a choice', () => {
    const told = (spec: string) => runOnText(hpaFixedReplicas, autoscaler(spec)).findings.map(({ message }) => message);
    expect(told('minReplicas: 2, maxReplicas: 2')).toEqual([expect.stringContaining('can only ever choose 2 pods')]);
    expect(told('minReplicas: 3, maxReplicas: 2')).toEqual([expect.stringContaining('refused by the API server')]);
    expect(told('minReplicas: 2, maxReplicas: 3')).toEqual([]);
    expect(told('minReplicas: 2')).toEqual([]);
    expect(evidence(hpaMinReplicas, autoscaler('maxReplicas: 3'))).toEqual(['minReplicas is not set, which means 1']);
    expect(evidence(hpaMinReplicas, autoscaler('minReplicas: 0'))).toEqual(['minReplicas is 0']);
    expect(evidence(hpaMinReplicas, autoscaler('minReplicas: 2'))).toEqual([]);
  });
});

describe('one pod or several', () => {
  it('is asked of what can have replicas and has no autoscaler', () => {
    expect(evidence(singleReplica, workload() + service)).toEqual(['replicas is not set, which means 1']);
    expect(evidence(singleReplica, workload({ spec: 'replicas: 1, ' }) + service)).toEqual(['replicas is 1']);
    expect(outcome(singleReplica, workload() + autoscaler('maxReplicas: 3'))).toBe('not-applicable');
    expect(outcome(singleReplica, workload({ kind: 'DaemonSet' }))).toBe('not-applicable');
  });

  it.each([
    ['one pod needs no spread', workload(), 'not-applicable'],
    ['a DaemonSet needs no spread', workload({ kind: 'DaemonSet', spec: 'replicas: 3, ' }), 'not-applicable'],
    ['three pods do', three, 'fail'],
    [
      'anti-affinity is a spread',
      workload({ spec: 'replicas: 3, ', pod: 'affinity: {podAntiAffinity: {required: []}}, ' }),
      'pass',
    ],
    ['an empty rule is none', workload({ spec: 'replicas: 3, ', pod: 'affinity: {podAntiAffinity: {}}, ' }), 'fail'],
  ])('%s', (_, text, verdict) => {
    expect(outcome(topologySpreadMissing, text)).toBe(verdict);
  });

  it('a spread rule without pods is told where it stands', () => {
    const rules =
      'topologySpreadConstraints: [{labelSelector: {matchLabels: {app: web}}}, {labelSelector: {matchLabels: {app: x}}}], ';
    expect(runOnText(antiAffinityWithoutMatch, workload({ pod: rules })).findings.map(({ path }) => path)).toEqual([
      '/spec/template/spec/topologySpreadConstraints/1/labelSelector',
    ]);
    expect(outcome(antiAffinityWithoutMatch, workload())).toBe('not-applicable');
  });

  it.each([
    ['Recreate', 'strategy: {type: Recreate}, ', '', '/spec/strategy/type'],
    ['100%', 'strategy: {rollingUpdate: {maxUnavailable: 100%}}, ', '', '/spec/strategy/rollingUpdate/maxUnavailable'],
    ['50%', 'strategy: {rollingUpdate: {maxUnavailable: 50%}}, ', '', undefined],
    [
      'Recreate with a claim',
      'strategy: {type: Recreate}, ',
      'volumes: [{name: a, persistentVolumeClaim: {claimName: a}}], ',
      undefined,
    ],
  ])('a release with %s', (_, spec, pod, path) => {
    const told = runOnText(releaseTakesAllDown, workload({ spec, pod }) + service).findings;
    expect(told.map((finding) => finding.path)).toEqual(path === undefined ? [] : [path]);
    expect(outcome(releaseTakesAllDown, workload({ spec, pod }))).toBe('pass');
    expect(outcome(releaseTakesAllDown, workload({ kind: 'StatefulSet', spec, pod }) + service)).toBe('not-applicable');
  });

  it('a default class of priority counts', () => {
    const priority = (more: string) =>
      `---\napiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: a}\nvalue: 1\n${more}\n`;
    expect(outcome(priorityClassMissing, workload())).toBe('fail');
    expect(outcome(priorityClassMissing, workload() + priority('globalDefault: true'))).toBe('pass');
    expect(outcome(priorityClassMissing, workload() + priority(''))).toBe('fail');
    expect(outcome(priorityClassMissing, workload({ pod: 'priorityClassName: a, ' }))).toBe('pass');
  });
});

describe('the selector of a workload', () => {
  const selected = (apiVersion: string, kind: string, selector: string) => `apiVersion: ${apiVersion}
kind: ${kind}
metadata: {name: web}
spec: {${selector}template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: web}]}}}
`;

  it.each([
    ['apps/v1', 'Deployment', '', '/spec', 'has no selector'],
    ['apps/v1', 'Deployment', 'selector: {matchLabels: {app: x}}, ', '/spec/selector', 'does not match its own pods'],
    ['apps/v1', 'Deployment', 'selector: {}, ', '/spec/selector', 'does not match its own pods'],
    ['v1', 'ReplicationController', 'selector: {app: x}, ', '/spec/selector', 'does not match its own pods'],
  ])('of a %s %s may be wrong: %s', (...[apiVersion, kind, selector, path, words]) => {
    expect(runOnText(selectorMismatch, selected(apiVersion, kind, selector)).findings).toEqual([
      expect.objectContaining({ path, message: expect.stringContaining(words) }),
    ]);
  });

  it.each([
    ['apps/v1', 'Deployment', 'selector: {matchLabels: {app: web}}, '],
    ['v1', 'ReplicationController', 'selector: {app: web}, '],
    ['v1', 'ReplicationController', ''],
    ['extensions/v1beta1', 'Deployment', ''],
  ])('of a %s %s may be right: %s', (apiVersion, kind, selector) => {
    expect(runOnText(selectorMismatch, selected(apiVersion, kind, selector)).outcome).toBe('pass');
  });
});
