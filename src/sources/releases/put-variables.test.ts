import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../../test/programs/tool-paths.ts';
import { editFiles, withEditedFiles } from '../../fixes/index.ts';
import { asObject } from '../../model/index.ts';
import { readSnapshot } from '../read-snapshot.ts';

async function read(files: Readonly<Record<string, string>>) {
  const folder = temporaryFolder(files);
  const snapshot = await readSnapshot([folder], {
    helm: { values: [], set: [] },
    namespace: 'default',
    minor: 34,
    allowRemote: false,
    maxFileBytes: 1 << 20,
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_HELM: toolPaths().helm4, NOWWHAT_KUBECTL: toolPaths().kubectl },
  });
  const told = snapshot.skipped.map(({ file, what }) => `${file} ${what}`.replaceAll(`${folder}/`, ''));
  const find = (kind: string, name: string) =>
    snapshot.objects.find((each) => each.kind === kind && each.name === name);
  return { folder, snapshot, told, find };
}

const kustomization = (path: string, postBuild: string, name = 'apps') =>
  `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}, namespace: flux-system}\nspec:\n  path: ${path}\n  postBuild: ${postBuild}\n`;

const app = `apiVersion: apps/v1
kind: Deployment
metadata: {name: "\${name:=web}"}
spec:
  replicas: \${replicas}
  template: {spec: {containers: [{name: a, image: "\${image:=example.com/web}:\${tag}"}]}} # why
`;

describe('what Flux puts in after the build', () => {
  it('is in the manifests below the path of its Kustomization, with defaults and types, and nowhere else', async () => {
    const { find, told } = await read({
      'clusters/prod/apps.yaml': kustomization('./apps/prod', '{substitute: {replicas: "3", tag: "1.2"}}'),
      'apps/prod/web.yaml': app,
      'apps/other/web.yaml': app.replace('web', 'other'),
    });
    const spec = asObject(find('Deployment', 'web')?.raw['spec']);
    expect(spec).toMatchObject({ replicas: 3, template: { spec: { containers: [{ image: 'example.com/web:1.2' }] } } });
    expect(asObject(find('Deployment', '${name:=other}')?.raw['spec'])['replicas']).toBe('${replicas}');
    expect(told.join()).not.toContain('Kustomization "apps"');
  });

  it('comes from ConfigMaps, later ones over earlier ones and its own over all; what others set stays and is told', async () => {
    const map = (name: string, data: string) =>
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: flux-system}\ndata: ${data}\n`;
    const { find, told } = await read({
      'clusters/prod/apps.yaml': kustomization(
        'apps',
        '{substitute: {c: own}, substituteFrom: [{kind: ConfigMap, name: one}, {kind: ConfigMap, name: two}, {kind: ConfigMap, name: gone, optional: true}, {kind: Secret, name: keys}]}',
      ),
      'clusters/prod/maps.yaml': `${map('one', '{a: one, b: one, c: one}')}---\n${map('two', '{b: two, c: two}')}`,
      'clusters/prod/keys.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: keys, namespace: flux-system}\nstringData: {key: correct-horse}\n',
      'apps/map.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: all}\ndata: {a: "${a}", b: "${b}", c: "${c}", key: "x${key}"}\n',
    });
    expect(find('ConfigMap', 'all')?.raw['data']).toEqual({ a: 'one', b: 'two', c: 'own', key: 'x${key}' });
    expect(told).toContain(
      'clusters/prod/apps.yaml Kustomization "apps" takes variables from what is not in the files, or not to be shown; these stay as they are written: Secret "keys"',
    );
  });

  it('is that of the deepest path, and of the cluster nearest to production', async () => {
    const { find, told } = await read({
      'clusters/staging/apps.yaml': kustomization('apps', '{substitute: {v: staging}}'),
      'clusters/production/apps.yaml': kustomization('apps', '{substitute: {v: production}}'),
      'clusters/production/inner.yaml': kustomization('apps/inner', '{substitute: {v: inner}}', 'inner'),
      'apps/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: outer}\ndata: {v: "${v}"}\n',
      'apps/inner/map.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: inner}\ndata: {v: "${v}"}\n',
    });
    expect(find('ConfigMap', 'outer')?.raw['data']).toEqual({ v: 'production' });
    expect(find('ConfigMap', 'inner')?.raw['data']).toEqual({ v: 'inner' });
    expect(told.filter((each) => each.includes('puts other variables in'))).toHaveLength(1);
  });

  it('is there after an edit of the file, which keeps the variables that it does not name', async () => {
    const { snapshot, find } = await read({
      'clusters/prod/apps.yaml': kustomization('./apps/prod', '{substitute: {replicas: "3", tag: "1.2"}}'),
      'apps/prod/web.yaml': app,
    });
    const object = find('Deployment', 'web');
    if (object === undefined) throw new Error('not read');
    const path = ['spec', 'template', 'spec', 'automountServiceAccountToken'];
    const { files } = editFiles(snapshot, [
      { edits: [{ object, edits: [{ op: 'set', path, value: false }] }], create: [] },
    ]);
    expect(files[0]?.after).toBe(app.replace('}]}} #', '}], automountServiceAccountToken: false}} #'));
    const edited = withEditedFiles(snapshot, files).objects.find(({ name }) => name === 'web');
    expect(edited?.raw['spec']).toMatchObject({ replicas: 3 });
  });

  it.skipIf(!toolsRunHere)('is in what a kustomization is built to', async () => {
    const { find, folder } = await read({
      'clusters/prod/apps.yaml': kustomization('./apps/prod', '{substitute: {replicas: "3", tag: "1.2"}}'),
      'apps/prod/kustomization.yaml': 'namePrefix: prod-\nresources: [../base]\n',
      'apps/base/kustomization.yaml': 'resources: [web.yaml]\n',
      'apps/base/web.yaml': app.replace('${name:=web}', 'web'),
    });
    const object = find('Deployment', 'prod-web');
    expect(object?.raw['spec']).toMatchObject({ replicas: 3 });
    expect(readFileSync(join(folder, 'apps/base/web.yaml'), 'utf8')).toContain('${replicas}');
  });
});
