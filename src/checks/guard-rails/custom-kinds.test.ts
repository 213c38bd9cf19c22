import { describe, expect, it } from 'vitest';
import { anywhere } from '../../../test/kubernetes/resources.ts';
import { compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import type { Json, JsonObject, KubeObject } from '../../model/index.ts';
import { builtInChecks } from '../index.ts';
import { assemblePolicies, builtInRails, findCustomPodKinds, requestFor, withCustomKinds } from './index.ts';

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
  const rail = withCustomKinds(builtIn, findCustomPodKinds([rollouts]));
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
    const pods = builtInRails.filter((rail) => withCustomKinds(rail, findCustomPodKinds([rollouts])) !== rail);
    expect(pods.length).toBeGreaterThan(30);
    for (const { check } of pods) expect([check, judge(check, without)]).toEqual([check, 'skipped']);
  });

  it('stays with its kinds where it is about some of them only', () => {
    expect(judge('cronjob-deadline', {})).toBeUndefined();
  });
});
