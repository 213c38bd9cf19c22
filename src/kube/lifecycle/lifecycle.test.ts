import { describe, expect, it } from 'vitest';
import { newestKnownMinor } from '../versions.ts';
import { judgeApi, lifecycleOf } from './index.ts';
import { generatedNewestMinor } from './lifecycle.generated.ts';
import { apiLifecycles } from './lifecycle-table.ts';

const stateOf = (apiVersion: string, kind: string, minor: number): string | undefined =>
  judgeApi(apiVersion, kind, minor)?.state;

describe('judgeApi', () => {
  it.each([
    ['extensions/v1beta1', 'Ingress', 13, 'current'],
    ['extensions/v1beta1', 'Ingress', 21, 'deprecated'],
    ['extensions/v1beta1', 'Ingress', 22, 'removed'],
    ['networking.k8s.io/v1', 'Ingress', 18, 'not-yet'],
    ['networking.k8s.io/v1', 'Ingress', 37, 'current'],
    ['policy/v1beta1', 'PodSecurityPolicy', 24, 'deprecated'],
    ['policy/v1beta1', 'PodSecurityPolicy', 25, 'removed'],
    ['batch/v1beta1', 'CronJob', 25, 'removed'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 25, 'deprecated'],
    ['autoscaling/v2beta2', 'HorizontalPodAutoscaler', 26, 'removed'],
    ['autoscaling/v1', 'HorizontalPodAutoscaler', 37, 'current'],
    ['v1', 'Endpoints', 32, 'current'],
    ['v1', 'Endpoints', 33, 'deprecated'],
    ['v1', 'Pod', 37, 'current'],
    ['apps/v1', 'Deployment', 37, 'current'],
    ['resource.k8s.io/v1', 'ResourceClaim', 33, 'not-yet'],
  ])('%s %s at 1.%i is %s', (apiVersion, kind, minor, state) => {
    expect(stateOf(apiVersion, kind, minor)).toBe(state);
  });

  it('knows nothing of custom kinds', () => {
    expect(judgeApi('example.com/v1', 'Widget', 30)).toBeUndefined();
    expect(lifecycleOf('example.com/v1', 'WidgetList')).toBeUndefined();
  });

  it('names the best version that the release serves', () => {
    const flow = (minor: number) => judgeApi('flowcontrol.apiserver.k8s.io/v1beta1', 'FlowSchema', minor);
    expect(flow(26)?.replacement?.apiVersion).toBe('flowcontrol.apiserver.k8s.io/v1beta3');
    expect(flow(29)?.replacement?.apiVersion).toBe('flowcontrol.apiserver.k8s.io/v1');
    expect(flow(29)?.replacementAvailable).toBe(true);
  });

  it('moves to another group where the kind did', () => {
    const judgement = judgeApi('extensions/v1beta1', 'Deployment', 30);
    expect(judgement?.replacement).toEqual({ apiVersion: 'apps/v1', kind: 'Deployment' });
    expect(judgement?.note).toContain('spec.selector');
    expect(judgeApi('extensions/v1beta1', 'NetworkPolicy', 30)?.replacement?.apiVersion).toBe('networking.k8s.io/v1');
  });

  it('has no replacement for what was given up', () => {
    const judgement = judgeApi('policy/v1beta1', 'PodSecurityPolicy', 30);
    expect(judgement).toMatchObject({ state: 'removed', replacementAvailable: false });
    expect(judgement?.replacement).toBeUndefined();
    expect(judgement?.note).toContain('Pod Security Admission');
  });

  it('says when a successor is not served yet', () => {
    expect(judgeApi('networking.k8s.io/v1', 'Ingress', 10)).toMatchObject({
      state: 'not-yet',
      replacementAvailable: false,
    });
  });

  it('judges a list as its items', () => {
    expect(judgeApi('policy/v1beta1', 'PodDisruptionBudgetList', 25)?.state).toBe('removed');
    expect(lifecycleOf('policy/v1beta1', 'PodDisruptionBudgetList')?.replacement).toEqual({
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudgetList',
    });
  });

  it('judges other components by their newest release', () => {
    expect(judgeApi('cert-manager.io/v1alpha2', 'Certificate', 30)).toMatchObject({
      state: 'removed',
      replacement: { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
      replacementAvailable: true,
    });
  });
});

describe('the table', () => {
  it('is of the newest release that this program knows', () => {
    expect(generatedNewestMinor).toBe(newestKnownMinor);
  });

  it.each(
    apiLifecycles
      .filter(({ component }) => component === 'kubernetes')
      .map((row) => [`${row.apiVersion} ${row.kind}`, row] as const),
  )('%s begins before it is deprecated, and that before it ends', (_, { introducedIn, deprecatedIn, removedIn }) => {
    const minors = [introducedIn, deprecatedIn, removedIn]
      .filter((version) => version !== undefined)
      .map((version) => Number(version.replace('1.', '')));
    expect(minors).toEqual(minors.toSorted((a, b) => a - b));
  });

  it('never names a replacement that is gone before the original', () => {
    for (const { apiVersion, kind } of apiLifecycles) {
      const { replacement, removedIn } = lifecycleOf(apiVersion, kind) ?? {};
      if (replacement === undefined || removedIn === undefined) continue;
      const successor = lifecycleOf(replacement.apiVersion, replacement.kind);
      const outlives =
        successor?.removedIn === undefined ||
        Number(successor.removedIn.replace('1.', '')) > Number(removedIn.replace('1.', ''));
      expect(outlives, `${apiVersion} ${kind}`).toBe(true);
    }
  });
});
