import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../../test/programs/tool-paths.ts';
import { identityOf } from '../../fixes/index.ts';
import { Positions } from '../../inventory/index.ts';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { JsonObject, Path, Snapshot } from '../../model/index.ts';
import { readSnapshot } from '../read-snapshot.ts';

const tools = toolPaths();

function read(
  folder: string,
  input: string,
  postRender: readonly { chart: string; overlay: string }[],
  helm = tools.helm4,
) {
  return readSnapshot([join(folder, input)], {
    helm: {
      values: [],
      set: [],
      postRender: postRender.map(({ chart, overlay }) => ({
        chart: join(folder, chart),
        overlay: join(folder, overlay),
      })),
    },
    namespace: 'default',
    minor: 34,
    allowRemote: false,
    maxFileBytes: 1 << 20,
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_HELM: helm, NOWWHAT_KUBECTL: tools.kubectl },
  });
}

const deployment = (name: string) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}-${name}
  annotations: {}
spec:
  replicas: {{ .Values.replicas }}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: ${name}
          image: example.com/${name}:{{ .Values.tag }}
`;

const app = {
  'chart/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 1.0.0\n',
  'chart/values.yaml': 'replicas: 1\ntag: "1.0"\n',
  'chart/templates/web.yaml': deployment('web'),
  'chart/templates/api.yaml': deployment('api'),
  'chart/templates/hook.yaml':
    'apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations: {helm.sh/hook: pre-install}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: example.com/web:1}]}}}\n',
  'chart/crds/thing.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: things.example.com}\n',
  'behind/kustomization.yaml': `resources:
  - helm-output.yaml
  - extra.yaml
patches:
  - path: patch-web.yaml
    target: {kind: Deployment, name: .*-web}
images:
  - name: example.com/web
    newName: mirror.example.com/web
`,
  'behind/patch-web.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - name: web\n          securityContext:\n            privileged: false\n',
  'behind/extra.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: extra\n',
};
const declared = [{ chart: 'chart', overlay: 'behind' }];

function place(folder: string, snapshot: Snapshot, name: string, path: Path): string {
  const object = snapshot.objects.find((each) => each.name === name);
  if (object === undefined) throw new Error(`no ${name}`);
  const { file, line, valuesKey = '' } = new Positions(snapshot).of(object, path);
  return `${file.replace(`${folder}/`, '')}:${line} ${valuesKey}`.trim();
}

describe.skipIf(!toolsRunHere)('a chart with an overlay behind it', () => {
  it('is read as it leaves the overlay: changed and new objects, with Helm 4 hooks too, definitions as they were', async () => {
    const folder = temporaryFolder(app);
    const { objects, unreadable } = await read(folder, 'chart', declared);
    expect(unreadable).toEqual([]);
    const byName = new Map(objects.map((object) => [object.name, object.raw]));
    expect([...byName.keys()].toSorted()).toEqual(['app-api', 'app-web', 'extra', 'migrate', 'things.example.com']);
    expect(byName.get('app-web')).toMatchObject({
      spec: { replicas: 3, template: { spec: { containers: [{ image: 'mirror.example.com/web:1.0' }] } } },
    });
    expect(byName.get('app-api')).toMatchObject({ spec: { replicas: 1 } });
    expect(JSON.stringify(byName.get('migrate'))).toContain('"mirror.example.com/web:1"');
    // Helm 3 shows hooks to no post-renderer.
    const by3 = await read(folder, 'chart', declared, tools.helm3);
    const hook = by3.objects.find(({ name }) => name === 'migrate');
    expect(JSON.stringify(hook?.raw)).toContain('"example.com/web:1"');
  });

  it('leads findings to the patch that says the field, to the entry that sets it, and else to the template', async () => {
    const folder = temporaryFolder(app);
    const snapshot = await read(folder, 'chart', declared);
    const container: Path = ['spec', 'template', 'spec', 'containers', 0];
    expect(place(folder, snapshot, 'app-web', ['spec', 'replicas'])).toBe('behind/patch-web.yaml:6');
    expect(place(folder, snapshot, 'app-web', [...container, 'securityContext', 'privileged'])).toBe(
      'behind/patch-web.yaml:12',
    );
    expect(place(folder, snapshot, 'app-web', [...container, 'image'])).toBe('behind/kustomization.yaml:8');
    expect(place(folder, snapshot, 'app-web', [...container, 'name'])).toMatch(
      /^(?:behind\/patch-web.yaml:10|chart\/templates\/web.yaml:15)$/,
    );
    expect(place(folder, snapshot, 'app-web', ['spec', 'selector'])).toBe('chart/templates/web.yaml:8');
    expect(place(folder, snapshot, 'app-api', ['spec', 'replicas'])).toBe('chart/templates/api.yaml:7 replicas');
    expect(place(folder, snapshot, 'extra', ['metadata', 'name'])).toBe('behind/extra.yaml:4');
  });

  it.each(['helm3', 'helm4'] as const)(
    'gives what %s itself gives with the overlay as its post-renderer',
    async (helm) => {
      const folder = temporaryFolder(app);
      const { objects } = await read(folder, 'chart', declared, tools[helm]);
      const plugin = join(folder, 'plugins/behind');
      mkdirSync(plugin, { recursive: true });
      const script = join(plugin, 'post-render.sh');
      writeFileSync(
        script,
        `#!/bin/sh\ncat > ${folder}/behind/helm-output.yaml\n${tools.kubectl} kustomize ${folder}/behind\n`,
      );
      chmodSync(script, 0o755);
      // Helm 4 takes a plugin, and Helm 3 cannot read it.
      if (helm === 'helm4')
        writeFileSync(
          join(plugin, 'plugin.yaml'),
          `apiVersion: v1\ntype: postrenderer/v1\nname: behind\nversion: 1.0.0\nruntime: subprocess\nruntimeConfig:\n  platformCommand:\n    - command: ${script}\n`,
        );
      const renderer = helm === 'helm4' ? 'behind' : script;
      const environment = { HELM_PLUGINS: join(folder, 'plugins') };
      const args = ['template', 'app', join(folder, 'chart'), '--post-renderer', renderer, '--kube-version', '1.34.0'];
      const text = execFileSync(tools[helm], args, { encoding: 'utf8', env: { ...process.env, ...environment } });
      const origin = { kind: 'manifest', unit: '' } as const;
      const theirs = parseManifests({ file: '', text, rendered: true }, { textIndex: 0, origin, namespace: 'default' });
      const all = (list: readonly { raw: JsonObject }[]) =>
        Object.fromEntries(list.map((each) => [identityOf(each as never), each.raw]));
      expect(all(objects.filter(({ kind }) => kind !== 'CustomResourceDefinition'))).toEqual(all(theirs.objects));
    },
  );

  it('loses what the overlay takes away', async () => {
    const folder = temporaryFolder({
      ...app,
      'behind/patch-web.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: any\n$patch: delete\n',
    });
    const { objects } = await read(folder, 'chart', declared);
    expect(objects.map(({ name }) => name)).not.toContain('app-web');
    expect(objects.map(({ name }) => name)).toContain('app-api');
  });

  it('takes the overlay for no kustomization of its own where both are below the input', async () => {
    const folder = temporaryFolder(app);
    const snapshot = await read(folder, '.', declared);
    expect(snapshot.unreadable).toEqual([]);
    expect(snapshot.facts.units?.map(({ kind }) => kind)).toEqual(['helm']);
    expect(snapshot.skipped.map(({ what }) => what)).toContain(
      `overlay behind the chart ${folder}/chart; give the chart to read both`,
    );
  });

  it('is read from an archive as well, and the output goes where a resource is no file yet', async () => {
    const folder = temporaryFolder({
      ...app,
      'behind/kustomization.yaml': app['behind/kustomization.yaml'].replace('helm-output', 'everything'),
    });
    execFileSync(tools.helm4, ['package', join(folder, 'chart'), '-d', folder], { stdio: 'ignore' });
    const archive = [{ chart: 'app-1.0.0.tgz', overlay: 'behind' }];
    const { objects } = await read(folder, 'app-1.0.0.tgz', archive);
    expect(objects.find(({ name }) => name === 'app-web')?.raw).toMatchObject({ spec: { replicas: 3 } });
  });

  it.each([
    ['names no folder with a kustomization', {}, 'gone', 'path-missing'],
    ['is broken', { 'behind/patch-web.yaml': 'a: [\n' }, 'behind', 'kustomize-failed'],
    [
      'has no place for the output of Helm',
      { 'behind/kustomization.yaml': 'resources: [extra.yaml]\n' },
      'behind',
      'kustomize-failed',
    ],
    [
      'would fetch',
      { 'behind/kustomization.yaml': 'resources: [helm-output.yaml, "https://example.com/a/b"]\n' },
      'behind',
      'remote-base',
    ],
  ])(
    'is not read at all where its overlay %s: nobody deploys what the chart alone gives',
    async (_case, files, overlay, code) => {
      const folder = temporaryFolder({ ...app, ...files });
      const { objects, unreadable } = await read(folder, 'chart', [{ chart: 'chart', overlay }]);
      expect(objects).toEqual([]);
      expect(unreadable.map((each) => each.code)).toEqual([code]);
    },
  );
});

const release = `apiVersion: v1
kind: Namespace
metadata: {name: web}
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: web}
spec:
  interval: 5m
  chart:
    spec:
      chart: ./chart
      sourceRef: {kind: GitRepository, name: web}
  postRenderers:
    - kustomize:
        patches:
          - target: {kind: Deployment, name: .*-web}
            patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata: {name: any}
              spec: {replicas: 3}
          - target: {kind: Deployment, name: .*-api}
            patch: '[{"op": "replace", "path": "/spec/replicas", "value": 5}]'
    - kustomize:
        images:
          - {name: example.com/web, newTag: "2"}
`;

describe.skipIf(!toolsRunHere)('a chart that a HelmRelease of Flux deploys', () => {
  it('is read as it leaves the post-renderers of the release, step by step, with findings in the release', async () => {
    const folder = temporaryFolder({ ...app, 'flux/web.yaml': release });
    const snapshot = await read(folder, '.', [{ chart: 'chart', overlay: 'flux/web.yaml' }]);
    const byName = new Map(snapshot.objects.map((object) => [object.name, object.raw]));
    expect(byName.get('web-web')).toMatchObject({
      spec: { replicas: 3, template: { spec: { containers: [{ image: 'example.com/web:2' }] } } },
    });
    expect(byName.get('web-api')).toMatchObject({ spec: { replicas: 5 } });
    expect(place(folder, snapshot, 'web-web', ['spec', 'replicas'])).toBe('flux/web.yaml:18');
    expect(place(folder, snapshot, 'web-api', ['spec', 'replicas'])).toBe('flux/web.yaml:24');
    expect(place(folder, snapshot, 'web-web', ['spec', 'template', 'spec', 'containers', 0, 'image'])).toBe(
      'flux/web.yaml:27',
    );
    expect(place(folder, snapshot, 'web-web', ['spec', 'selector'])).toBe('chart/templates/web.yaml:8');
    // The release is an object of the app as well.
    expect(snapshot.objects.map(({ kind }) => kind)).toContain('HelmRelease');
  });

  it('is read in the namespace of the release, behind its post-renderers or an overlay in their place', async () => {
    const placed = release.replace(
      'kind: HelmRelease\nmetadata: {name: web}',
      'kind: HelmRelease\nmetadata: {name: web, namespace: shop}',
    );
    for (const declaration of [[], declared]) {
      const { objects } = await read(temporaryFolder({ ...app, 'flux/web.yaml': placed }), '.', declaration);
      const web = objects.find(({ name }) => name === 'web-web');
      expect(web).toMatchObject({ namespace: 'shop', raw: { spec: { replicas: 3 } } });
    }
  });

  it.each([
    ['', 1],
    ['nohooks', 1],
    ['combined', 2],
    ['separate', 2],
  ])('shows hooks to the post-renderers only where it says so: %s', async (strategy, version) => {
    const said = strategy === '' ? release : release.replace('spec:\n', `spec:\n  postRenderStrategy: ${strategy}\n`);
    const { objects } = await read(temporaryFolder({ ...app, 'flux/web.yaml': said }), '.', []);
    const hook = objects.find(({ name }) => name === 'migrate');
    expect(JSON.stringify(hook?.raw)).toContain(`"example.com/web:${version}"`);
  });
});
