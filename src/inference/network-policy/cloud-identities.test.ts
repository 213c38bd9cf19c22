import { describe, expect, it } from 'vitest';
import { inferPolicies, type Inferred } from '../index.ts';
import { documents, evidenceOf, type Given, workload } from './evidence-builder.ts';
import { portWords } from './need.ts';

const account = (annotation: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'robot', annotations: { [annotation]: 'x' } },
    automountServiceAccountToken: false,
  });
const app = (annotation: string) =>
  documents(workload({ name: 'web', spec: { serviceAccountName: 'robot' } }), account(annotation));

function infer(annotation: string, given: Given = {}): Inferred {
  return inferPolicies(evidenceOf(app(annotation), given));
}

function blocks({ needs }: Inferred): string[] {
  return needs.map((need) => {
    const cidrs = need.to.kind === 'addresses' ? need.to.blocks.map(({ cidr }) => cidr).join(' ') : '';
    return `${cidrs} ${portWords(need)}`;
  });
}

describe('pods with an identity in a cloud', () => {
  it('reach the API of the cloud, and its addresses are to be told', () => {
    const inferred = infer('eks.amazonaws.com/role-arn');
    expect(blocks(inferred)).toEqual(['0.0.0.0/0 ::/0 TCP 443']);
    expect(inferred.decisions).toMatchObject([{ about: 'default/web → AWS, TCP 443' }]);
    const told = infer('eks.amazonaws.com/role-arn', { answers: ['cloud=203.0.113.0/24'] });
    expect([blocks(told), told.decisions]).toEqual([['203.0.113.0/24 TCP 443'], []]);
  });

  it('are given it on GKE by the metadata server, which stays closed to all others', () => {
    const inferred = infer('iam.gke.io/gcp-service-account');
    expect(blocks(inferred).slice(0, 2)).toEqual(['169.254.169.252/32 TCP 988', '169.254.169.254/32 TCP 80']);
    expect(inferred.proof).toMatchObject({ cut: [], metadataClosed: true });
    const open = documents(
      app('iam.gke.io/gcp-service-account'),
      workload({ name: 'other' }),
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'all' },
        spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
      }),
    );
    expect(inferPolicies(evidenceOf(open)).proof.metadataOpen).toMatchObject([{ workload: 'default/other' }]);
  });

  it('are none without it', () => {
    expect(infer('example.com/nothing').needs).toEqual([]);
  });
});
