import { describe, expect, it } from 'vitest';
import { isRemote, parseKustomization } from './kustomization.ts';

describe('entries of a kustomization', () => {
  it.each([
    'https://example.com/x.yaml',
    'http://example.com/x.yaml',
    'git@github.com:org/repo',
    'git::https://example.com/repo.git',
    'ssh://git@example.com/repo',
    'github.com/org/repo//base?ref=v1',
    'github.com/org/repo',
    'gitlab.example.com:8443/org/repo/base',
    'repo.git/base',
    'oci://registry/x',
    'base?ref=main',
  ])('%s is remote', (entry) => {
    expect(isRemote(entry)).toBe(true);
  });

  it.each(['base', '../base', './a.yaml', 'web.v1/deploy.yaml', 'a.b.yaml', '../../x/y/z.yaml', 'dir/sub/file.yaml'])(
    '%s is local',
    (entry) => {
      expect(isRemote(entry)).toBe(false);
    },
  );

  it('are read from all the places that kustomize knows', () => {
    const text = `resources: [a.yaml, ../base]
bases: [old]
patchesStrategicMerge:
- p1.yaml
- |-
  kind: Deployment
patches: [{path: p2.yaml, target: {kind: Deployment, name: web}}, {patch: "- op: add"}]
patchesJson6902: [{path: p3.yaml, target: {name: x}}]
configMapGenerator: [{name: c, files: [k=f1, f2], envs: [e1], env: e2}]
secretGenerator: [{name: s, files: [f3]}]
transformers: [t.yaml]
openapi: {path: schema.json}
replacements: [{path: r.yaml}]
helmCharts: [{name: x, valuesFile: v.yaml}]
`;
    expect(parseKustomization({ folder: '.', file: 'kustomization.yaml', text })).toMatchObject({
      resources: ['a.yaml', '../base', 'old'],
      patches: ['p1.yaml', 'p2.yaml', 'p3.yaml'],
      otherFiles: ['t.yaml', 'f1', 'f2', 'e1', 'e2', 'f3', 'r.yaml', 'v.yaml', 'schema.json'],
      inflatesCharts: true,
      isComponent: false,
    });
  });

  it('are none of Flux, which uses the same kind', () => {
    const text = 'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\n';
    expect(parseKustomization({ folder: '.', file: 'kustomization.yaml', text })).toBeUndefined();
  });
});
