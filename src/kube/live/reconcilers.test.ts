import { describe, expect, it } from 'vitest';
import { describeManager, reconcilersOf } from './reconcilers.ts';

const object = (metadata: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', ...metadata },
});
const who = (metadata: object) => reconcilersOf(object(metadata)).map((each) => each.who);

describe('who will write an object again', () => {
  it.each([
    [{ annotations: { 'meta.helm.sh/release-name': 'shop' } }, 'Helm release "shop"'],
    [{ labels: { 'argocd.argoproj.io/instance': 'shop' } }, 'Argo CD application "shop"'],
    [{ annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:shop/web' } }, 'Argo CD'],
    [{ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }, 'Flux kustomization "apps"'],
    [{ annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }, 'kubectl apply'],
    [{ ownerReferences: [{ kind: 'Kafka', name: 'events', controller: true }] }, 'Kafka "events"'],
    [{ managedFields: [{ manager: 'argocd-controller', operation: 'Apply', fieldsV1: {} }] }, 'Argo CD'],
  ])('is told by %j', (metadata, name) => {
    expect(who(metadata)).toEqual([name]);
  });

  it('is told once where labels and field managers say the same', () => {
    const managedFields = [{ manager: 'helm', operation: 'Update', fieldsV1: {} }];
    expect(who({ annotations: { 'meta.helm.sh/release-name': 'shop' }, managedFields })).toEqual([
      'Helm release "shop"',
    ]);
  });

  it('is nobody where a person wrote it, or only its status is written', () => {
    const fieldsV1 = { 'f:status': {} };
    const managedFields = [
      { manager: 'kubectl-edit', operation: 'Update', fieldsV1: {} },
      { manager: 'argocd-controller', operation: 'Update', subresource: 'status', fieldsV1 },
    ];
    expect(who({ managedFields })).toEqual([]);
  });
});

it('a manager that nobody knows is told by its name', () => {
  expect(describeManager('acme-deployer')).toEqual({
    manager: 'acme-deployer',
    who: '"acme-deployer"',
    next: 'may write the field again: find out what it is',
  });
});
