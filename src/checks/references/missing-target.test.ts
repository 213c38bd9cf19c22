import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { ClusterFacts } from '../../model/index.ts';
import { runChecks } from '../run-checks.ts';
import { classMissing } from './class-missing.ts';
import { secretMissing } from './secret-missing.ts';

const claim = `apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {storageClassName: standard}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: a, envFrom: [{secretRef: {name: db}}]}]}
`;

function judge(cluster?: Partial<ClusterFacts>) {
  const snapshot = snapshotOf(claim);
  const facts = { context: 'prod', serverVersion: 'v1.34.0', namespaces: [], notListed: [], ...cluster };
  const read = cluster === undefined ? snapshot : { ...snapshot, facts: { ...snapshot.facts, cluster: facts } };
  const options = { minor: 34, today: '2026-01-01', allowedRegistries: [] };
  return runChecks([classMissing, secretMissing], createInventory(read), options).findings.map(
    ({ check, verdict }) => `${check} ${verdict}`,
  );
}

describe('a name that the input does not hold', () => {
  it('may be in the cluster, where only files were read', () => {
    expect(judge()).toEqual(['class-missing unknown', 'secret-missing unknown']);
  });

  it('is missing, where the cluster was read', () => {
    expect(judge({})).toEqual(['class-missing fail', 'secret-missing fail']);
    expect(judge({ namespaces: ['shop'] })).toEqual(['class-missing fail', 'secret-missing fail']);
  });

  it('is not known, where its namespace was not read or its kind may not be listed', () => {
    expect(judge({ namespaces: ['other'] })).toEqual(['class-missing fail', 'secret-missing unknown']);
    const secrets = { group: '', kind: 'Secret', resource: 'secrets', namespace: 'shop' };
    expect(judge({ notListed: [secrets] })).toEqual(['class-missing fail', 'secret-missing unknown']);
  });
});
