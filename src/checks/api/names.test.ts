import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { labelInvalid } from './label-invalid.ts';
import { nameInvalid } from './name-invalid.ts';
import { nameMissing } from './name-missing.ts';

const named = (apiVersion: string, kind: string, name: string) =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: "${name}"}\n`;

describe('a name', () => {
  it.each([
    ['v1', 'ConfigMap', 'shop.settings', 'pass'],
    ['v1', 'ConfigMap', '1-settings', 'pass'],
    ['v1', 'ConfigMap', 'Shop', 'fail'],
    ['v1', 'Service', 'shop', 'pass'],
    ['v1', 'Service', 'shop.web', 'fail'],
    ['v1', 'Service', '1-shop', 'fail'],
    ['serving.knative.dev/v1', 'Service', '1-shop.web', 'pass'],
    ['v1', 'Namespace', '1-shop', 'pass'],
    ['v1', 'Namespace', 'shop.web', 'fail'],
    ['example.com/v1', 'Namespace', 'shop.web', 'pass'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'system:Shop', 'pass'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'v1.2..web', 'pass'],
    ['rbac.authorization.k8s.io/v1', 'Role', '..web', 'pass'],
    ['rbac.authorization.k8s.io/v1', 'Role', 'shop/web', 'fail'],
    ['rbac.authorization.k8s.io/v1', 'Role', '.', 'fail'],
    ['rbac.authorization.k8s.io/v1', 'Role', '..', 'fail'],
  ])('of %s %s may be "%s": %s', (apiVersion, kind, name, outcome) => {
    expect(runOnText(nameInvalid, named(apiVersion, kind, name)).outcome).toBe(outcome);
  });

  it('that the cluster makes up is judged by nobody', () => {
    const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: report-}\n';
    expect(runOnText(nameInvalid, job).outcome).toBe('not-applicable');
    expect(runOnText(nameMissing, job).outcome).toBe('pass');
  });

  it('that is empty is missing, not invalid', () => {
    expect(runOnText(nameInvalid, named('v1', 'ConfigMap', '')).outcome).toBe('not-applicable');
    expect(runOnText(nameMissing, named('v1', 'ConfigMap', '')).outcome).toBe('fail');
  });

  it('is not asked of a kustomization, nor of what ends in List', () => {
    const nameless = (apiVersion: string, kind: string) => `apiVersion: ${apiVersion}\nkind: ${kind}\nspec: {}\n`;
    expect(runOnText(nameMissing, nameless('kustomize.config.k8s.io/v1beta1', 'Kustomization')).findings).toEqual([]);
    expect(runOnText(nameMissing, nameless('example.com/v1', 'WidgetList')).findings).toEqual([]);
    expect(runOnText(nameMissing, nameless('example.com/v1', 'Widget')).outcome).toBe('fail');
  });
});

describe('labels', () => {
  const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {owner: shop team, build: 12}}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, "-app": web}}
    spec: {containers: [{name: web, image: web}]}
`;

  it('are judged on the object and on its pods, each where it stands', () => {
    expect(runOnText(labelInvalid, deployment).findings.map(({ path }) => path)).toEqual([
      '/metadata/labels/owner',
      '/spec/template/metadata/labels/-app',
    ]);
  });

  it('of a pod are judged once', () => {
    const pod =
      'apiVersion: v1\nkind: Pod\nmetadata: {name: web, labels: {owner: shop team}}\nspec: {containers: []}\n';
    expect(runOnText(labelInvalid, pod).findings).toHaveLength(1);
  });
});
