// Files and folders that are given as evidence, and reports that lie among the manifests.

import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { readSnapshot } from '../read-snapshot.ts';
import { readEvidence } from './read-evidence.ts';

const limit = 1 << 20;
const pod = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n';

function trivy(name: string, created?: string): string {
  return JSON.stringify({
    SchemaVersion: 2,
    ...(created === undefined ? {} : { CreatedAt: created }),
    ArtifactName: name,
    Results: [{ Class: 'os-pkgs' }],
  });
}

describe('evidence that is given', () => {
  it('may be a folder of reports, read in the order of their names', async () => {
    const folder = temporaryFolder({ 'b.json': trivy('b:1'), 'a.sarif': trivy('a:1'), 'notes.txt': 'x' });
    const { evidence } = await readEvidence([folder], limit);
    expect(evidence.map((each) => (each.about === 'image' ? each.images : []))).toEqual([['a:1'], ['b:1']]);
  });

  it('has the date of its file where it carries none', async () => {
    const folder = temporaryFolder({ 'a.json': trivy('a:1'), 'b.json': trivy('b:1', '2026-01-10T08:00:00Z') });
    const day = new Date('2025-05-05T12:00:00Z');
    for (const name of ['a.json', 'b.json']) utimesSync(join(folder, name), day, day);
    const { evidence } = await readEvidence([folder], limit);
    expect(evidence.map(({ date }) => date)).toEqual(['2025-05-05', '2026-01-10']);
  });

  it.each([
    ['empty.json', '', 'invalid-evidence'],
    ['text.json', 'hello', 'invalid-evidence'],
    ['other.json', '{"name": "x"}', 'invalid-evidence'],
    [
      'folder-scan.json',
      JSON.stringify({ SchemaVersion: 2, ArtifactName: '.', ArtifactType: 'filesystem' }),
      'invalid-evidence',
    ],
    ['big.json', `[${' '.repeat(limit)}]`, 'file-too-large'],
    ['binary.json', '{\u0000}', 'binary-file'],
  ])('stops at %s with a code', async (name, content, code) => {
    const folder = temporaryFolder({ [name]: content });
    await expect(readEvidence([join(folder, name)], limit)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(name),
    });
  });

  it('stops at a path that does not exist, and at a folder without reports', async () => {
    const folder = temporaryFolder({ 'notes.txt': 'x' });
    await expect(readEvidence([join(folder, 'gone.json')], limit)).rejects.toMatchObject({ code: 'path-missing' });
    await expect(readEvidence([folder], limit)).rejects.toMatchObject({ code: 'invalid-evidence' });
  });
});

const options = {
  helm: { values: [], set: [] },
  namespace: 'default',
  minor: 34,
  allowRemote: false,
  maxFileBytes: limit,
  stdin: async () => new Uint8Array(),
  environment: {},
};

describe('reports among the manifests', () => {
  it('count once where they are given too, and then as given', async () => {
    const folder = temporaryFolder({ 'pod.yaml': pod, 'scan.json': trivy('nginx') });
    const { evidence } = await readSnapshot([folder], { ...options, evidence: [`${folder}/./scan.json`] });
    expect(evidence).toHaveLength(1);
    expect(evidence?.[0]?.date).toMatch(/^\d{4}-/);
  });

  it('are told, and count with the date that they carry', async () => {
    const folder = temporaryFolder({
      'pod.yaml': pod,
      'scan.json': trivy('nginx'),
      'scope.json': JSON.stringify({ SchemaVersion: 2, ArtifactName: '.', ArtifactType: 'repository' }),
      'broken.json': '{"ArtifactName": "nginx", "Results"',
      'tsconfig.app.json': '{"runs": 1}',
    });
    const snapshot = await readSnapshot([folder], options);
    expect(snapshot.unreadable).toEqual([]);
    expect(snapshot.objects).toHaveLength(1);
    expect(snapshot.evidence).toMatchObject([{ file: join(folder, 'scan.json'), images: ['nginx'] }]);
    expect(snapshot.evidence?.[0]?.date).toBeUndefined();
    const told = Object.fromEntries(snapshot.skipped.map(({ file, what }) => [file.slice(folder.length + 1), what]));
    expect(told['scan.json']).toBe('vulnerability report of Trivy; counts as evidence');
    expect(told['scope.json']).toBe('vulnerability report of Trivy; says nothing of an image');
    expect(told['broken.json']).toBe('not Kubernetes, and not YAML that can be read');
  });
});
