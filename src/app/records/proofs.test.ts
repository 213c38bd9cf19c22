import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Proof } from '../../model/index.ts';
import { inputsOfPaths } from './proof-inputs.ts';
import { findFreshProofs, judgeFreshness, readProofs, recordProof } from './proofs.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'nowwhat-'));
  mkdirSync(join(root, 'k8s'));
  writeFileSync(join(root, 'k8s/web.yaml'), 'kind: Deployment\n');
});
afterEach(() => rmSync(root, { recursive: true }));

const today = '2026-11-29';

async function proofOf(paths: readonly string[], changes: Partial<Proof> = {}): Promise<Proof> {
  return {
    schema: 'nowwhat.dev/proof/v1',
    kind: 'drill',
    claim: 'A restore gives the same bytes',
    command: 'nowwhat drill',
    version: '0',
    time: '2026-11-29T12:00:00Z',
    result: 'holds',
    figures: { objects: 3 },
    inputs: await inputsOfPaths(
      root,
      paths.map((path) => join(root, path)),
    ),
    ...changes,
  };
}

async function stateOf(proof: Proof, day = today) {
  const freshness = await judgeFreshness(root, proof, { today: day });
  return freshness.state === 'stale' ? freshness.changed : freshness.state;
}

describe('a proof', () => {
  it('is recorded, and takes the place of a former one with the same claim', async () => {
    const proof = await proofOf(['k8s']);
    await recordProof(root, proof);
    const { id } = await recordProof(root, { ...proof, figures: { objects: 4 } });
    await recordProof(root, { ...proof, claim: 'Another' });
    const { proofs } = await readProofs(root);
    expect(proofs).toHaveLength(2);
    expect(proofs.find((each) => each.id === id)?.proof.figures).toEqual({ objects: 4 });
  });

  it('of a folder goes stale when a file of it changes, comes or goes, and not for a text for people', async () => {
    const proof = await proofOf(['k8s']);
    writeFileSync(join(root, 'k8s/README.md'), 'read me\n');
    expect(await stateOf(proof)).toBe('fresh');
    writeFileSync(join(root, 'k8s/db.yaml'), 'kind: StatefulSet\n');
    expect(await stateOf(proof)).toEqual(['k8s has changed']);
    rmSync(join(root, 'k8s/db.yaml'));
    expect(await stateOf(proof)).toBe('fresh');
    writeFileSync(join(root, 'k8s/web.yaml'), 'kind: DaemonSet\n');
    expect(await stateOf(proof)).toEqual(['k8s has changed']);
  });

  it('of a file goes stale when that changes, and not when its neighbour does', async () => {
    const proof = await proofOf(['k8s/web.yaml']);
    writeFileSync(join(root, 'k8s/db.yaml'), '');
    expect(await stateOf(proof)).toBe('fresh');
    rmSync(join(root, 'k8s/web.yaml'));
    expect(await stateOf(proof)).toEqual(['k8s/web.yaml is gone']);
  });

  it('of the whole repository is not made stale by its own records', async () => {
    const proof = await proofOf(['.']);
    expect(proof.inputs).toMatchObject([{ kind: 'folder', folder: '.' }]);
    await recordProof(root, proof);
    expect(await stateOf(proof)).toBe('fresh');
  });

  it('goes stale by age alone where it says so', async () => {
    const proof = await proofOf([], { until: '2026-12-01' });
    expect(await stateOf(proof, '2026-12-01')).toBe('fresh');
    expect(await stateOf(proof, '2026-12-02')).toEqual(['it was to be believed until 2026-12-01']);
  });

  it('goes stale where the app was otherwise when it was fetched', async () => {
    const text = 'the app in the backup b is not as in a: ConfigMap shop/settings';
    expect(await stateOf(await proofOf([], { comparison: { text, changed: true } }))).toEqual([text]);
    expect(await stateOf(await proofOf([], { comparison: { text: 'the same', changed: false } }))).toBe('fresh');
  });

  it('about a cluster that was not looked at is neither fresh nor stale', async () => {
    const inputs = [{ kind: 'cluster', context: 'prod', version: 'v1.34.0' }] as const;
    expect(await stateOf(await proofOf([], { inputs }))).toBe('unchecked');
  });

  it('fails where its negative control did not', async () => {
    const negativeControl = { what: 'a connection that no policy allows', failed: false };
    const { proof } = await recordProof(root, await proofOf([], { negativeControl }));
    expect(proof.result).toBe('fails');
  });
});

it('only fresh proofs are given to a journey; stale ones that would settle something, and damaged ones, are told', async () => {
  const settles = [{ check: 'restore-drill', verdict: 'pass' }] as const;
  await recordProof(root, await proofOf(['k8s'], { settles }));
  expect((await findFreshProofs(root, { today })).fresh).toHaveLength(1);
  writeFileSync(join(root, 'k8s/web.yaml'), 'kind: DaemonSet\n');
  writeFileSync(join(root, '.nowwhat/proofs/broken.json'), '{');
  const { fresh, notices } = await findFreshProofs(root, { today });
  expect(fresh).toEqual([]);
  expect(notices.join('\n')).toContain('broken.json is not JSON');
  expect(notices.join('\n')).toContain('k8s has changed; again: nowwhat drill');
});
