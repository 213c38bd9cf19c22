// Which reports are told as counting for nothing.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import type { BenchEvidence, Evidence, ImageEvidence } from '../model/index.ts';
import { tellUnusedEvidence } from './unused-evidence.ts';

const digest = `sha256:${'1'.repeat(64)}`;
const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1.27"}]}\n';

function report(file: string, images: readonly string[], digests: readonly string[] = []): ImageEvidence {
  return { about: 'image', tool: 'Trivy', file, images, digests, vulnerabilities: [] };
}

function bench(text: string): BenchEvidence {
  const results = [{ id: '1.2.15', text, status: 'PASS', nodeType: 'master' }] as const;
  return { about: 'cluster', tool: 'kube-bench', file: 'bench.json', benchmark: 'eks-1.5.0', results };
}

function tell(...evidence: readonly Evidence[]): string[] {
  return tellUnusedEvidence(createInventory({ ...snapshotOf(pod), evidence }));
}

describe('a note on reports', () => {
  it('names the image that the app does not run, and what it runs of that repository', () => {
    expect(tell(report('a.json', ['quay.io/shop/api:1']))).toEqual([
      'a.json is about quay.io/shop/api:1, which the app does not run',
    ]);
    expect(tell(report('a.json', ['nginx:1.25']), report('a.json', ['nginx:1.26']))).toEqual([
      'a.json is about nginx:1.25 and 1 more, which the app does not run; it runs nginx:1.27',
    ]);
    expect(tell(report('a.json', [], [digest]))).toEqual([`a.json is about ${digest}, which the app does not run`]);
  });

  it('is silent where one of the reports of a file counts', () => {
    expect(tell(report('cluster.json', ['nginx:1.25']), report('cluster.json', ['library/nginx:1.27']))).toEqual([]);
    expect(tell()).toEqual([]);
  });

  it('names a benchmark with controls that nobody asks about', () => {
    expect(tell(bench('Ensure that the --profiling argument is set to false (Automated)'))).toEqual([]);
    expect(tell(bench('Client certificate authentication should not be used'))).toEqual([
      'bench.json settles nothing: the controls of its benchmark eks-1.5.0 are others than those that are asked for',
    ]);
  });
});
