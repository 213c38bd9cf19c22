import { describe, expect, it } from 'vitest';
import { runOnText } from '../run-on-text.ts';
import { apiDeprecated } from './api-deprecated.ts';
import { apiNotYetServed } from './api-not-yet-served.ts';
import { apiRemoved } from './api-removed.ts';

function messages(check: Parameters<typeof runOnText>[0], apiVersion: string, kind: string, minor: number): string[] {
  const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web}\n`;
  return runOnText(check, text, { minor }).findings.map(({ message }) => message);
}

describe('the word on an API version', () => {
  it('tells when it was removed and what to use', () => {
    expect(messages(apiRemoved, 'policy/v1beta1', 'PodDisruptionBudget', 25)).toEqual([
      'policy/v1beta1 of PodDisruptionBudget "web" was removed in Kubernetes 1.25 and is refused by 1.25: use policy/v1 PodDisruptionBudget',
    ]);
    expect(messages(apiRemoved, 'policy/v1beta1', 'PodSecurityPolicy', 25)).toEqual([
      'policy/v1beta1 of PodSecurityPolicy "web" was removed in Kubernetes 1.25 and is refused by 1.25',
    ]);
  });

  it('tells since when it is deprecated and when it goes', () => {
    expect(messages(apiDeprecated, 'policy/v1beta1', 'PodDisruptionBudget', 24)).toEqual([
      'policy/v1beta1 of PodDisruptionBudget "web" is deprecated since Kubernetes 1.21 and goes in 1.25: use policy/v1 PodDisruptionBudget',
    ]);
    expect(messages(apiDeprecated, 'v1', 'Endpoints', 34)).toEqual([
      'v1 of Endpoints "web" is deprecated since Kubernetes 1.33: use discovery.k8s.io/v1 EndpointSlice',
    ]);
  });

  it('tells with which release it came', () => {
    expect(messages(apiNotYetServed, 'autoscaling/v2', 'HorizontalPodAutoscaler', 22)).toEqual([
      expect.stringMatching(/^autoscaling\/v2 of .* came with Kubernetes 1\.23 and is not known to 1\.22/),
    ]);
  });

  it('names the component where it is not Kubernetes', () => {
    expect(messages(apiRemoved, 'cert-manager.io/v1alpha2', 'Certificate', 34)).toEqual([
      expect.stringContaining('was removed in cert-manager 1.'),
    ]);
  });

  it('is silent on kinds of others', () => {
    expect(messages(apiRemoved, 'example.com/v1', 'Widget', 34)).toEqual([]);
  });
});
