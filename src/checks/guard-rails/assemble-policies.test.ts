// What the policies leave alone: exceptions, updates that change nothing judged, and what controllers write; and what bindings say.

import { describe, expect, it } from 'vitest';
import { type AdmissionRequest, compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import type { JsonObject } from '../../model/index.ts';
import { builtInChecks } from '../index.ts';
import type { RailException } from './exemption.ts';
import { assemblePolicies, builtInRails, type PolicyWish } from './index.ts';

function wishFor(check: string, rest: Partial<PolicyWish> = {}): PolicyWish {
  const rail = builtInRails.find((each) => each.check === check);
  const meta = builtInChecks.find((each) => each.meta.id === check)?.meta;
  if (rail === undefined || meta === undefined) throw new Error(`no rail ${check}`);
  const options = { minor: 34, allowedRegistries: [] };
  return { rail, meta, options, exceptions: [], action: 'watch', namespaces: [], ...rest };
}

function assemble(check: string, rest: Partial<PolicyWish> = {}) {
  const assembled = assemblePolicies(wishFor(check, rest));
  if (assembled === undefined) throw new Error('no policy');
  return assembled;
}

const bad = { name: 'web', securityContext: { privileged: true } };
const fine = { name: 'web' };

function deployment(containers: readonly JsonObject[], more: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', ...more },
    spec: { replicas: 1, template: { spec: { containers } } },
  };
}

function request(object: JsonObject, rest: Partial<AdmissionRequest> = {}): AdmissionRequest {
  const named = { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespace: 'shop' };
  return { ...named, operation: 'CREATE', username: 'ann', object, ...rest };
}

function verdict(wish: Partial<PolicyWish>, asked: AdmissionRequest, check = 'privileged-container'): string {
  return compileAdmissionPolicy(assemble(check, wish).policy).judge(asked).verdict;
}

function exception(subject: string, container?: string): RailException {
  return { subject, container, owner: 'ann', reason: 'driver', until: '2027-01-01' };
}

describe('a policy', () => {
  it('names the containers, and what to do', () => {
    const answer = compileAdmissionPolicy(assemble('privileged-container').policy).judge(
      request(deployment([bad, { name: 'side' }, { ...bad, name: "o'brien" }])),
    );
    expect(answer).toEqual({
      verdict: 'refused',
      messages: [
        "No container runs privileged. Not so in web, o'brien. Remove securityContext.privileged, and add only the capabilities the program needs. (nowwhat explain privileged-container)",
      ],
    });
  });

  it('lets updates through that leave the pod template as it was, so that what is there can be scaled down and replaced', () => {
    const old = deployment([bad]);
    const scaled = { ...old, spec: { replicas: 0, template: { spec: { containers: [bad] } } } };
    expect(verdict({}, request(scaled, { operation: 'UPDATE', oldObject: old }))).toBe('skipped');
    const changed = deployment([{ ...bad, image: 'b' }]);
    expect(verdict({}, request(changed, { operation: 'UPDATE', oldObject: old }))).toBe('refused');
    expect(verdict({}, request(deployment([fine]), { operation: 'UPDATE', oldObject: old }))).toBe('admitted');
  });

  it('judges what people write, not what controllers make of it', () => {
    const username = 'system:serviceaccount:kube-system:replicaset-controller';
    expect(verdict({}, request(deployment([bad]), { username }))).toBe('skipped');
    const other = 'system:serviceaccount:shop:replicaset-controller';
    expect(verdict({}, request(deployment([bad]), { username: other }))).toBe('refused');
  });

  it('is about containers of a debugging session where its check is', () => {
    const pod = {
      metadata: { name: 'a' },
      spec: { containers: [fine], ephemeralContainers: [{ ...bad, name: 'debug' }] },
    };
    const oldObject = { metadata: { name: 'a' }, spec: { containers: [fine] } };
    const asked = request(pod, {
      group: '',
      kind: 'Pod',
      resource: 'pods/ephemeralcontainers',
      operation: 'UPDATE',
      oldObject,
    });
    expect(verdict({}, asked)).toBe('refused');
    expect(verdict({}, asked, 'image-pull-never')).toBe('skipped');
  });

  it.each([
    ['Deployment/shop/web', undefined, 'skipped'],
    ['deployment/shop/*', undefined, 'skipped'],
    ['*/shop', undefined, 'skipped'],
    ['*', undefined, 'skipped'],
    ['Deployment/sh*p/w*b', undefined, 'skipped'],
    ['Deployment/other/web', undefined, 'refused'],
    ['Deployment/shop/web2', undefined, 'refused'],
    ['Deployment/s.op/web', undefined, 'refused'],
    ['Deployment/shop/web', 'web', 'admitted'],
    ['Deployment/shop/web', 'other', 'refused'],
    ['Deployment/other/web', 'web', 'refused'],
  ])('honours the exception of %s, container %s: %s', (subject, container, expected) => {
    expect(verdict({ exceptions: [exception(subject, container)] }, request(deployment([bad])))).toBe(expected);
  });

  it('spares only the container that is excepted', () => {
    const both = request(deployment([bad, { ...bad, name: 'other' }]));
    expect(verdict({ exceptions: [exception('*', 'web')] }, both)).toBe('refused');
    expect(verdict({ exceptions: [exception('*', 'web'), exception('*', 'o*')] }, both)).toBe('admitted');
  });

  it('notes who accepted what, until when', () => {
    const { policy } = assemble('privileged-container', { exceptions: [exception('Deployment/shop/web')] });
    expect(policy['metadata']).toMatchObject({
      annotations: { 'nowwhat.dev/exceptions': 'Deployment/shop/web: ann, until 2027-01-01: driver' },
    });
  });

  it('is left out where the settings leave it without sense', () => {
    expect(assemblePolicies(wishFor('image-registry-not-allowed'))).toBeUndefined();
    const options = { minor: 30, allowedRegistries: [] };
    expect(assemblePolicies(wishFor('user-namespace', { options }))).toBeUndefined();
  });

  it('holds the variables that it uses, and no others', () => {
    const names = (check: string): string[] =>
      ((assemble(check).policy['spec'] as { variables: { name: string }[] }).variables ?? []).map(({ name }) => name);
    expect(names('host-pid')).toEqual(['template', 'spec']);
    expect(names('privileged-container')).toEqual(['template', 'spec', 'main', 'started', 'containers', 'broken']);
  });
});

describe('a binding', () => {
  it('warns and audits first, in all namespaces but those of Kubernetes', () => {
    expect(assemble('host-pid').binding['spec']).toEqual({
      policyName: 'nowwhat-host-pid',
      validationActions: ['Warn', 'Audit'],
      matchResources: {
        namespaceSelector: {
          matchExpressions: [
            {
              key: 'kubernetes.io/metadata.name',
              operator: 'NotIn',
              values: ['kube-node-lease', 'kube-public', 'kube-system'],
            },
          ],
        },
      },
    });
  });

  it('denies where asked to, in the namespaces that are named', () => {
    expect(assemble('host-pid', { action: 'refuse', namespaces: ['shop', 'blog'] }).binding['spec']).toMatchObject({
      validationActions: ['Deny'],
      matchResources: { namespaceSelector: { matchExpressions: [{ operator: 'In', values: ['blog', 'shop'] }] } },
    });
  });
});
