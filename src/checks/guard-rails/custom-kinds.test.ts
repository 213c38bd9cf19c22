import { describe, expect, it } from 'vitest';
import { anywhere } from '../../../test/kubernetes/resources.ts';
import { compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import type { Json, JsonObject, KubeObject } from '../../model/index.ts';
import { builtInChecks } from '../index.ts';
import {
  assemblePolicies,
  builtInRails,
  findCustomPodKinds,
  findRepeatedPods,
  requestFor,
  withCustomKinds,
} from './index.ts';

const object = (raw: JsonObject): KubeObject => toObject(raw, anywhere, 'shop');

const closed: JsonObject = { properties: { spec: { properties: { containers: { type: 'array' } } } } };
const open: JsonObject = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };

function definition(group: string, kind: string, template: JsonObject, served: Json = true): KubeObject {
  const openAPIV3Schema = { properties: { spec: { properties: { template } } } };
  const versions = [{ name: 'v1alpha1', served, schema: { openAPIV3Schema } }];
  const plural = `${kind.toLowerCase()}s`;
  return object({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: { group, names: { kind, plural }, versions },
  });
}

const rollouts = definition('argoproj.io', 'Rollout', closed);

function judge(check: string, spec: JsonObject): string | undefined {
  const builtIn = builtInRails.find((each) => each.check === check);
  const meta = builtInChecks.find((each) => each.meta.id === check)?.meta;
  if (builtIn === undefined || meta === undefined) throw new Error(`no rail ${check}`);
  const [rail] = withCustomKinds(builtIn, findCustomPodKinds([rollouts]));
  const options = { minor: 34, allowedRegistries: ['registry.test'] };
  const made = assemblePolicies({ rail, meta, options, exceptions: [], action: 'refuse', namespaces: [] });
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web' }, spec };
  const request = requestFor(rail, object(rollout));
  if (made === undefined || request === undefined) return undefined;
  return compileAdmissionPolicy(made.policy).judge(request).verdict;
}

const template = (container: JsonObject, spec: JsonObject = {}): JsonObject => ({
  template: { spec: { ...spec, containers: [{ name: 'web', ...container }] } },
});

describe('kinds with a pod template', () => {
  it('are those whose definition shows one', () => {
    const shown = { group: 'example.com', version: 'v1alpha1', kind: 'Fleet', resource: 'fleets' };
    expect(findCustomPodKinds([definition('example.com', 'Fleet', closed)])).toEqual([shown]);
  });

  it('are those that leave it open only where they are known to have one', () => {
    expect(findCustomPodKinds([definition('apps.kruise.io', 'CloneSet', open)])).toHaveLength(1);
    expect(findCustomPodKinds([definition('example.com', 'Fleet', open)])).toEqual([]);
  });

  it('are no other templates, no versions that are not served, and no names that have theirs elsewhere', () => {
    const other: JsonObject = { properties: { spec: { properties: { rules: { type: 'array' } } } } };
    const others = [
      definition('example.com', 'Alert', other),
      definition('example.com', 'Fleet', closed, false),
      definition('example.com', 'CronJob', closed),
      object({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, data: {} }),
    ];
    expect(findCustomPodKinds(others)).toEqual([]);
  });
});

describe('a guard rail for custom kinds', () => {
  it('refuses what it refuses of a Deployment, in containers and in the template', () => {
    expect(judge('privileged-container', template({ securityContext: { privileged: true } }))).toBe('refused');
    expect(judge('host-pid', template({}, { hostPID: true }))).toBe('refused');
  });

  it('admits what is well', () => {
    expect(judge('privileged-container', template({}))).toBe('admitted');
    expect(judge('host-pid', template({}))).toBe('admitted');
  });

  it('looks at no object that has no template of its own, whatever the rule', () => {
    const without = { workloadRef: { kind: 'Deployment', name: 'web' } };
    const pods = builtInRails.filter((rail) => withCustomKinds(rail, findCustomPodKinds([rollouts]))[0] !== rail);
    expect(pods.length).toBeGreaterThan(30);
    for (const { check } of pods) expect([check, judge(check, without)]).toEqual([check, 'skipped']);
  });

  it('stays with its kinds where it is about some of them only', () => {
    expect(judge('cronjob-deadline', {})).toBeUndefined();
  });
});

describe('pods in another place', () => {
  const text: JsonObject = { type: 'string' };
  const list: JsonObject = { type: 'array' };
  const containers: JsonObject = { type: 'array', items: { properties: { name: text, image: text } } };
  const podSpec: JsonObject = {
    type: 'object',
    properties: {
      containers,
      nodeSelector: { type: 'object' },
      serviceAccountName: text,
      tolerations: list,
      volumes: list,
    },
  };
  const podTemplate: JsonObject = { type: 'object', properties: { metadata: { type: 'object' }, spec: podSpec } };
  const kindWith = (kind: string, spec: JsonObject, status: JsonObject = {}): KubeObject =>
    object({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: 'x' },
      spec: {
        group: 'serving.example.com',
        names: { kind, plural: `${kind.toLowerCase()}s` },
        versions: [
          {
            name: 'v1',
            served: true,
            schema: { openAPIV3Schema: { properties: { spec: { properties: spec }, status: { properties: status } } } },
          },
        ],
      },
    });
  const services = kindWith('InferenceService', { predictor: podSpec, transformer: podSpec }, { seen: podTemplate });
  const clusters = kindWith('Cluster', {
    head: { type: 'object', properties: { template: podTemplate } },
    'work-force': { type: 'array', items: { properties: { template: podTemplate } } },
  });

  const verdicts = (check: string, definition: KubeObject, kind: string, spec: JsonObject): (string | undefined)[] => {
    const builtIn = builtInRails.find((each) => each.check === check);
    const meta = builtInChecks.find((each) => each.meta.id === check)?.meta;
    if (builtIn === undefined || meta === undefined) throw new Error(`no rail ${check}`);
    return withCustomKinds(builtIn, findCustomPodKinds([definition])).map((rail) => {
      const options = { minor: 34, allowedRegistries: [] };
      const made = assemblePolicies({ rail, meta, options, exceptions: [], action: 'refuse', namespaces: [] });
      const raw = { apiVersion: 'serving.example.com/v1', kind, metadata: { name: 'a' }, spec };
      const request = requestFor(rail, object(raw));
      if (made === undefined || request === undefined) return undefined;
      return compileAdmissionPolicy(made.policy).judge(request).verdict;
    });
  };
  const bad = { hostPID: true, containers: [{ name: 'a', securityContext: { privileged: true } }] };
  const good = { containers: [{ name: 'a' }] };

  it('are found in the schema, a spec alone too, and not in the status', () => {
    expect(findCustomPodKinds([services]).map(({ place }) => place)).toEqual([
      { path: ['spec', 'predictor'], holds: 'spec' },
      { path: ['spec', 'transformer'], holds: 'spec' },
    ]);
    expect(findCustomPodKinds([clusters]).map(({ place }) => place)).toEqual([
      { path: ['spec', 'head', 'template'], holds: 'template' },
    ]);
    expect(findRepeatedPods([clusters, services])).toEqual(['Cluster (spec.work-force[].template)']);
  });

  it.each(['privileged-container', 'host-pid'])('are judged by %s, each place by a policy of its own', (check) => {
    const kind = 'InferenceService';
    expect(verdicts(check, services, kind, { predictor: bad, transformer: good })).toEqual(['refused', 'admitted']);
    expect(verdicts(check, services, kind, { predictor: good, transformer: bad })).toEqual(['admitted', 'refused']);
    expect(verdicts(check, services, kind, { predictor: good })).toEqual(['admitted', 'skipped']);
    expect(verdicts(check, clusters, 'Cluster', { head: { template: { spec: bad } } })).toEqual(['refused']);
    expect(verdicts(check, clusters, 'Cluster', { head: {} })).toEqual(['skipped']);
  });

  it('leave what the built-in kinds are held to as it is', () => {
    const builtIn = builtInRails.find((each) => each.check === 'privileged-container');
    const meta = builtInChecks.find((each) => each.meta.id === 'privileged-container')?.meta;
    if (builtIn === undefined || meta === undefined) throw new Error('no rail');
    const [rail] = withCustomKinds(builtIn, findCustomPodKinds([services, rollouts]));
    const options = { minor: 34, allowedRegistries: [] };
    const made = assemblePolicies({ rail, meta, options, exceptions: [], action: 'refuse', namespaces: [] });
    const deployment = (spec: JsonObject): KubeObject =>
      object({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec: { template: { spec } } });
    const judged = [bad, good].map((spec) => {
      const request = requestFor(rail, deployment(spec));
      return request && made && compileAdmissionPolicy(made.policy).judge(request).verdict;
    });
    expect(judged).toEqual(['refused', 'admitted']);
  });
});
