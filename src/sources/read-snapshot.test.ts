import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../test/programs/tool-paths.ts';
import { Positions } from '../inventory/positions.ts';
import { asArray, asObject, type KubeObject, type Path, type Snapshot, valueAt } from '../model/index.ts';
import type { ReadOptions } from './read-options.ts';
import { readSnapshot } from './read-snapshot.ts';

const tools = toolPaths();

function optionsWith(options: Partial<ReadOptions> = {}): ReadOptions {
  return {
    helm: { values: [], set: [] },
    namespace: 'default',
    minor: 34,
    allowRemote: false,
    maxFileBytes: 1 << 20,
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_HELM: tools.helm4, NOWWHAT_KUBECTL: tools.kubectl },
    ...options,
  };
}

async function read(folder: string, options: Partial<ReadOptions> = {}): Promise<Snapshot> {
  return readSnapshot([folder], optionsWith(options));
}

function configMap(name: string, data = 'a: "1"'): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\ndata:\n  ${data}\n`;
}

function names(snapshot: Snapshot): string[] {
  return snapshot.objects.map(({ kind, name }) => `${kind}/${name}`);
}

function skippedBelow(folder: string, snapshot: Snapshot): Record<string, string> {
  const entries = snapshot.skipped.map(({ file, what }) => [
    file.replace(`${folder}/`, ''),
    what.replaceAll(`${folder}/`, ''),
  ]);
  return Object.fromEntries(entries);
}

function codes(snapshot: Snapshot): string[] {
  return snapshot.unreadable.map(({ code }) => code);
}

function place(snapshot: Snapshot, name: string, path: Path): string {
  const object = snapshot.objects.find((each) => each.name === name) as KubeObject;
  const { file, line, valuesKey } = new Positions(snapshot).of(object, path);
  return [`${file.slice(file.lastIndexOf('/app/') + 5)}:${line}`, valuesKey]
    .filter((each) => each !== undefined)
    .join(' ');
}

describe('reading manifests', () => {
  it('reads the rest where one file is broken', async () => {
    const folder = temporaryFolder({
      'a.yaml': configMap('a'),
      'b.yaml': 'kind: ConfigMap\n\tx: 1\n',
      'c.json': '{"kind": "Pod",',
      'd.yaml': Buffer.from([0x6b, 0, 0, 1]),
    });
    const snapshot = await read(folder);
    expect(names(snapshot)).toEqual(['ConfigMap/a']);
    expect(codes(snapshot)).toEqual(['invalid-yaml', 'invalid-json', 'binary-file']);
  });

  it('reads UTF-16 with its mark, and UTF-8 with one', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(configMap('wide'), 'utf16le')]);
    const folder = temporaryFolder({ 'a.yaml': utf16, 'b.yaml': `\uFEFF${configMap('marked')}` });
    const snapshot = await read(folder);
    expect(names(snapshot)).toEqual(['ConfigMap/wide', 'ConfigMap/marked']);
    expect(snapshot.objects.map(({ source }) => source.line)).toEqual([1, 1]);
  });

  it('reads standard input', async () => {
    const stdin = async (): Promise<Uint8Array> => Buffer.from(configMap('piped'));
    const snapshot = await readSnapshot(['-'], optionsWith({ stdin }));
    expect(snapshot.objects[0]?.source.file).toBe('-');
  });

  it('tells what files are that are not Kubernetes', async () => {
    const folder = temporaryFolder({
      'app.yaml': configMap('a'),
      'values-prod.yaml': 'replicas: 3\n',
      '.gitlab-ci.yml': 'stages: [a]\n',
      'docker-compose.yml': 'services: {}\n',
      'stack.yaml': 'services: {}\nvolumes: {}\n',
      'package.json': '{"name":"x"}',
      'skaffold.yaml': 'apiVersion: skaffold/v4\nkind: Config\n',
      'cluster.yaml': 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n',
      'config.yaml': 'apiVersion: v1\nkind: Config\nclusters: []\n',
      'api.yaml': 'openapi: 3.0.0\npaths: {}\n',
      'notes.json': '{ not json',
      'web.yaml': 'apiVersion: v1\nkind: Pod\nmetadata: {name: "{{ .Values.name }}"}\n',
      'broken.yaml': 'kind: Pod\nmetadata: {{ toYaml . }}\n x\n',
      'job.yaml.j2': 'kind: {{ kind }}',
      'nowwhat.yaml': 'schema: 1\n',
      'empty.yaml': '# nothing\n',
    });
    const snapshot = await read(folder);
    expect(names(snapshot)).toEqual(['ConfigMap/a']);
    expect(snapshot.unreadable).toEqual([]);
    expect(skippedBelow(folder, snapshot)).toEqual({
      '.gitlab-ci.yml': 'GitLab CI pipeline',
      'api.yaml': 'OpenAPI description',
      'broken.yaml': 'template that another tool fills in; render it and give the output',
      'cluster.yaml': 'configuration of a kind cluster',
      'config.yaml': 'kubeconfig',
      'docker-compose.yml': 'Compose file',
      'empty.yaml': 'empty',
      'job.yaml.j2': 'template that another tool fills in; render it and give the output',
      'notes.json': 'not Kubernetes, and not YAML that can be read',
      'nowwhat.yaml': 'configuration of nowwhat',
      'package.json': 'configuration of a development tool',
      'skaffold.yaml': 'Skaffold configuration',
      'stack.yaml': 'Compose file',
      'values-prod.yaml': 'values file of a chart',
      'web.yaml': 'Helm template outside a chart; give the folder that holds its Chart.yaml',
    });
  });

  it('keeps braces that belong to the app', async () => {
    const rule =
      'apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: r}\nspec: {text: "{{ $value }} {{ .Labels.x }}"}\n';
    const folder = temporaryFolder({ 'a.yaml': rule, 'b.yaml': configMap('b', 'a: "{{ .Values.x }}"') });
    expect(names(await read(folder))).toEqual(['PrometheusRule/r', 'ConfigMap/b']);
  });

  it('does not take a broken document for a template because another one holds braces', async () => {
    const rule = 'apiVersion: v1\nkind: Secret\nmetadata: {name: r}\nstringData: {t: "{{ if .x }}{{ end }}"}\n';
    const folder = temporaryFolder({ 'a.yaml': `${rule}---\nkind: Pod\nmetadata:\n\tname: x\n` });
    const snapshot = await read(folder);
    expect(names(snapshot)).toEqual(['Secret/r']);
    expect(codes(snapshot)).toEqual(['invalid-yaml']);
  });

  it('takes a file for a template where the broken place shows it', async () => {
    const folder = temporaryFolder({
      'a.yaml': `${configMap('a')}---\nkind: Pod\nmetadata: {{ toYaml .x }}\n  y: 1\n`,
      'b.yaml': configMap('b'),
    });
    expect(Object.keys(skippedBelow(folder, await read(folder)))).toEqual(['a.yaml']);
  });

  it('tells of documents that should be objects', async () => {
    const folder = temporaryFolder({
      'a.yaml': `${configMap('a')}---\nfoo: 1\n`,
      'b.yaml': 'kind: Pod\nmetadata: {}\n',
    });
    const { unreadable } = await read(folder);
    expect(unreadable.map(({ code, reason, position }) => [code, reason, position.line])).toEqual([
      ['not-an-object', 'the document has no apiVersion and no kind', 8],
      ['not-an-object', 'the document has no apiVersion', 1],
    ]);
  });

  it('counts an object once, as kubectl would leave it, and prefers production', async () => {
    const folder = temporaryFolder({
      'all/app.yaml': `${configMap('a')}---\n${configMap('b')}`,
      'web.yaml': configMap('a'),
      'prod/c.yaml': configMap('c'),
      'staging/c.yaml': configMap('c'),
    });
    const snapshot = await read(folder);
    const files = snapshot.objects.map(({ name, source }) => `${name} ${source.file.slice(folder.length + 1)}`);
    expect(files).toEqual(['b all/app.yaml', 'c prod/c.yaml', 'a web.yaml']);
    expect(skippedBelow(folder, snapshot)).toEqual({
      'all/app.yaml': 'ConfigMap "a": taken from web.yaml',
      'staging/c.yaml': 'ConfigMap "c": taken from prod/c.yaml',
    });
  });

  it('keeps duplicate keys with their object when others are left out', async () => {
    const folder = temporaryFolder({
      'a.yaml': configMap('a'),
      'b.yaml': `${configMap('a')}---\n${configMap('twice', 'k: 1\n  k: 2')}`,
    });
    const { objects, duplicateKeys } = await read(folder);
    expect(duplicateKeys.map(({ object }) => objects[object]?.name)).toEqual(['twice']);
  });

  it('says what it saw where there is nothing to read', async () => {
    const folder = temporaryFolder({ 'a/values.yaml': 'a: 1\n', 'b/values.yaml': 'a: 1\n' });
    await expect(read(folder)).rejects.toMatchObject({
      code: 'nothing-to-read',
      message: `no Kubernetes object in ${folder} (${folder}/a/values.yaml and 1 more: values file of a chart)`,
    });
  });

  it('refuses a file over the limit and reads the others', async () => {
    const folder = temporaryFolder({ 'a.yaml': configMap('a'), 'big.yaml': `# ${'x'.repeat(2000)}\n` });
    const snapshot = await read(folder, { maxFileBytes: 1000 });
    expect(names(snapshot)).toEqual(['ConfigMap/a']);
    expect(snapshot.unreadable[0]).toMatchObject({
      code: 'file-too-large',
      reason: 'larger than the limit of 1000 bytes',
    });
  });
});

const chart = {
  'app/Chart.yaml':
    'apiVersion: v2\nname: shop\nversion: 1.0.0\ndependencies:\n- name: cache\n  version: 1.0.0\n  alias: store\n',
  'app/values.yaml': 'mode: dev\nlabels: {}\n',
  'app/values-prod.yaml': 'mode: prod\n',
  'app/templates/config.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n  {{- with .Values.labels }}\n  labels:\n    {{- toYaml . | nindent 4 }}\n  {{- end }}\ndata:\n  mode: {{ .Values.mode }}\n',
  'app/templates/hook.yaml':
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: before\n  annotations:\n    helm.sh/hook: pre-install\nspec: {}\n',
  'app/crds/thing.yaml':
    'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata:\n  name: things.example.com\n',
  'app/charts/cache/Chart.yaml': 'apiVersion: v2\nname: cache\nversion: 1.0.0\n',
  'app/charts/cache/values.yaml': 'size: 1\n',
  'app/charts/cache/templates/c.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: cache\ndata:\n  size: {{ .Values.size | quote }}\n',
};

describe.skipIf(!toolsRunHere).each([
  ['Helm 4', tools.helm4],
  ['Helm 3', tools.helm3],
])('reading a chart with %s', (_, helm) => {
  const environment = { NOWWHAT_HELM: helm };

  it('renders it, with hooks, CRDs and subcharts kept apart', async () => {
    const folder = temporaryFolder(chart);
    const snapshot = await read(folder, { environment });
    const origins = snapshot.objects.map(({ name, source: { origin } }) =>
      [name, origin.hook, origin.subchart].filter((each) => each !== undefined).join(' '),
    );
    expect(origins.toSorted()).toEqual(['before pre-install', 'cache charts/store', 'shop', 'things.example.com']);
    expect(skippedBelow(folder, snapshot)).toEqual({
      'app/values.yaml': 'default values of the chart "shop"',
      'app/values-prod.yaml': 'values file of the chart "shop"; use it with --values',
    });
  });

  it('leads findings to templates and values keys', async () => {
    const snapshot = await read(temporaryFolder(chart), { environment });
    expect(place(snapshot, 'shop', ['data', 'mode'])).toBe('templates/config.yaml:10 mode');
    expect(place(snapshot, 'shop', ['metadata', 'labels', 'team'])).toBe('templates/config.yaml:7 labels.team');
    expect(place(snapshot, 'cache', ['data', 'size'])).toBe('charts/cache/templates/c.yaml:6 store.size');
    expect(place(snapshot, 'things.example.com', ['metadata', 'name'])).toBe('crds/thing.yaml:4');
  });

  it('uses the values, the namespace and the version it is given', async () => {
    const folder = temporaryFolder({
      ...chart,
      'app/templates/config.yaml': `${chart['app/templates/config.yaml']}  version: {{ .Capabilities.KubeVersion.Minor | quote }}\n  namespace: {{ .Release.Namespace }}\n`,
    });
    const values = [join(folder, 'app/values-prod.yaml')];
    const snapshot = await read(join(folder, 'app'), {
      environment,
      namespace: 'web',
      minor: 31,
      helm: { values, set: ['labels.a=b'] },
    });
    const shop = snapshot.objects.find(({ name }) => name === 'shop');
    expect(shop?.raw).toMatchObject({
      metadata: { labels: { a: 'b' } },
      data: { mode: 'prod', version: '31', namespace: 'web' },
    });
    expect(shop?.namespace).toBe('web');
  });

  it('renders an archive, and leads into it', async () => {
    const folder = temporaryFolder(chart);
    execFileSync(helm, ['package', join(folder, 'app'), '-d', join(folder, 'out')], { stdio: 'ignore' });
    const snapshot = await read(join(folder, 'out/shop-1.0.0.tgz'), { environment });
    expect(snapshot.objects).toHaveLength(4);
    const cache = snapshot.objects.find(({ name }) => name === 'cache');
    expect(cache?.source.file).toBe(`${folder}/out/shop-1.0.0.tgz/shop/charts/cache/templates/c.yaml`);
  });

  it.each([
    ['a template that fails', '{{ fail "no port" }}', /^no port/, 'helm-failed'],
    ['a missing value', 'x: {{ .Values.a.b.c }}', /nil pointer evaluating interface \{\}\.b/, 'helm-failed'],
    ['a template that is broken', 'x: {{ if }}', /the template cannot be parsed: missing value for if/, 'helm-failed'],
  ])('points to %s', async (_case, text, reason, code) => {
    const folder = temporaryFolder({ ...chart, 'app/templates/bad.yaml': `a: 1\n${text}\n` });
    const { unreadable } = await read(folder, { environment });
    expect(unreadable[0]).toMatchObject({ code, position: { file: `${folder}/app/templates/bad.yaml`, line: 2 } });
    expect(unreadable[0]?.reason).toMatch(reason);
  });

  it('points to a template that renders to broken YAML', async () => {
    const folder = temporaryFolder({ ...chart, 'app/templates/bad.yaml': 'kind: A\na: b: c\n' });
    const { unreadable } = await read(folder, { environment });
    expect(unreadable[0]).toMatchObject({
      code: 'helm-failed',
      position: { file: `${folder}/app/templates/bad.yaml`, line: 1 },
    });
    expect(unreadable[0]?.reason).toMatch(/^renders to broken YAML: line \d of the rendering: mapping values/);
  });

  it('advises to build missing dependencies', async () => {
    const folder = temporaryFolder({
      'app/Chart.yaml': `${chart['app/Chart.yaml']}- name: redis\n  version: 1.x\n  repository: https://example.com\n`,
    });
    const { unreadable } = await read(folder, { environment });
    expect(unreadable[0]?.reason).toBe('dependencies of the chart are not in its charts folder: cache, redis');
    expect(unreadable[0]?.advice).toBe(`Run: helm dependency build ${folder}/app`);
  });

  it('says that a chart is for other versions', async () => {
    const folder = temporaryFolder({ ...chart, 'app/Chart.yaml': `${chart['app/Chart.yaml']}kubeVersion: ">=1.50"\n` });
    const { unreadable } = await read(folder, { environment });
    expect(unreadable[0]?.reason).toBe('the chart asks for Kubernetes >=1.50, the target is v1.34.0');
  });

  it('blames values that cannot be loaded', async () => {
    const { unreadable } = await read(temporaryFolder({ ...chart, 'app/values.yaml': 'a: [\n' }), { environment });
    expect(unreadable[0]?.code).toBe('invalid-chart');
  });
});

describe('reading charts', () => {
  it('says what to install where helm is missing, and reads the rest', async () => {
    const folder = temporaryFolder({ ...chart, 'k8s/a.yaml': configMap('a') });
    const snapshot = await read(folder, { environment: { PATH: '' } });
    expect(codes(snapshot)).toEqual(['helm-missing']);
    expect(names(snapshot)).toEqual(['ConfigMap/a']);
  });

  it('leaves library charts and charts that others depend on', async () => {
    const folder = temporaryFolder({
      'k8s/a.yaml': configMap('a'),
      'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\ntype: library\n',
      'base/Chart.yaml': 'apiVersion: v2\nname: base\nversion: 1.0.0\n',
      'app/Chart.yaml':
        'apiVersion: v2\nname: app\nversion: 1.0.0\ndependencies:\n- name: base\n  version: 1.0.0\n  repository: file://../base\n',
    });
    const snapshot = await read(folder, { environment: { PATH: '' } });
    expect(skippedBelow(folder, snapshot)).toEqual({
      'base/Chart.yaml': 'dependency of the chart "app"',
      'lib/Chart.yaml': 'library chart: renders nothing by itself',
    });
    expect(snapshot.unreadable).toHaveLength(1);
  });

  it('refuses values files that are missing or remote', async () => {
    const folder = temporaryFolder({ 'a.yaml': configMap('a') });
    const values = (file: string): Partial<ReadOptions> => ({ helm: { values: [file], set: [] } });
    await expect(read(folder, values(join(folder, 'gone.yaml')))).rejects.toMatchObject({ code: 'path-missing' });
    await expect(read(folder, values('https://example.com/v.yaml'))).rejects.toMatchObject({ code: 'invalid-option' });
  });
});

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
        - name: side
          image: side:1
        - name: web
          image: web:1
`;

const kustomized = {
  'app/base/kustomization.yaml': 'resources: [web.yaml]\nconfigMapGenerator:\n- name: settings\n  files: [app.json]\n',
  'app/base/web.yaml': deployment,
  'app/base/app.json': '{"a": 1}',
  'app/base/old.yaml': configMap('old'),
  'app/overlays/dev/kustomization.yaml': 'resources: [../../base]\nnamePrefix: dev-\n',
  'app/overlays/production/kustomization.yaml':
    'resources: [../../base, extra.yaml]\nnamePrefix: prod-\npatches:\n- path: more.yaml\ncomponents: [../../parts/quota]\n',
  'app/overlays/production/extra.yaml': configMap('extra'),
  'app/overlays/production/more.yaml':
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 3\n  template:\n    spec:\n      containers:\n        - name: web\n          resources: {limits: {cpu: 1}}\n',
  'app/parts/quota/kustomization.yaml':
    'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [quota.yaml]\n',
  'app/parts/quota/quota.yaml':
    'apiVersion: v1\nkind: ResourceQuota\nmetadata: {name: quota}\nspec: {hard: {pods: 9}}\n',
  'app/parts/unused/kustomization.yaml': 'kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\n',
};

describe.skipIf(!toolsRunHere)('reading a kustomization', () => {
  it('renders the overlay nearest to production, once, and tells of the others', async () => {
    const folder = temporaryFolder(kustomized);
    const snapshot = await read(folder);
    expect(
      names(snapshot)
        .map((name) => name.replace(/-[a-z0-9]{10}$/, ''))
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['ConfigMap/prod-extra', 'ConfigMap/prod-settings', 'Deployment/prod-web', 'ResourceQuota/prod-quota']);
    expect(skippedBelow(folder, snapshot)).toEqual({
      'app/base/old.yaml': 'not used by app/base/kustomization.yaml',
      'app/overlays/dev/kustomization.yaml':
        'another overlay of the app that app/overlays/production renders; give app/overlays/dev to read it instead',
      'app/parts/unused/kustomization.yaml': 'component that no kustomization here uses',
    });
  });

  it('leads findings to the base, and to the patch that changed the field', async () => {
    const snapshot = await read(temporaryFolder(kustomized));
    const containers = ['spec', 'template', 'spec', 'containers'];
    const web = snapshot.objects.find(({ name }) => name === 'prod-web');
    const list = asArray(valueAt(web?.raw, containers));
    const at = list.findIndex((each) => asObject(each)['name'] === 'web');
    expect(place(snapshot, 'prod-web', ['spec', 'replicas'])).toBe('overlays/production/more.yaml:6');
    expect(place(snapshot, 'prod-web', [...containers, at, 'image'])).toBe('base/web.yaml:13');
    expect(place(snapshot, 'prod-web', [...containers, at, 'resources', 'limits'])).toBe(
      'overlays/production/more.yaml:11',
    );
    expect(place(snapshot, 'prod-web', [...containers, 1 - at, 'securityContext'])).toBe('base/web.yaml:10');
    expect(place(snapshot, 'prod-web', [])).toBe('base/web.yaml:1');
    const settings = snapshot.objects.find(({ name }) => name.startsWith('prod-settings-'));
    expect(place(snapshot, settings?.name ?? '', ['data'])).toBe('base/kustomization.yaml:3');
  });

  it('leads fields that images, replicas and JSON patches set to the entry that sets them', async () => {
    const folder = temporaryFolder({
      'app/base/kustomization.yaml': 'resources: [web.yaml]\n',
      'app/base/web.yaml': deployment,
      'app/prod/kustomization.yaml': `resources: [../base]
nameSuffix: -v2
images:
- name: side
  newTag: latest
replicas:
- name: web
  count: 7
patches:
- path: ops.yaml
  target: {kind: Deployment, name: web}
- target: {kind: Deployment}
  patch: |-
    - {op: add, path: /spec/template/spec/hostPID, value: true}
`,
      'app/prod/ops.yaml': '- op: add\n  path: /spec/template/spec/hostNetwork\n  value: true\n',
    });
    const snapshot = await read(folder);
    const pod = ['spec', 'template', 'spec'];
    expect(place(snapshot, 'web-v2', [...pod, 'containers', 0, 'image'])).toBe('prod/kustomization.yaml:4');
    expect(place(snapshot, 'web-v2', [...pod, 'containers', 1, 'image'])).toBe('base/web.yaml:13');
    expect(place(snapshot, 'web-v2', ['spec', 'replicas'])).toBe('prod/kustomization.yaml:8');
    expect(place(snapshot, 'web-v2', [...pod, 'hostNetwork'])).toBe('prod/ops.yaml:1');
    expect(place(snapshot, 'web-v2', [...pod, 'hostPID'])).toBe('prod/kustomization.yaml:13');
    expect(place(snapshot, 'web-v2', pod)).toBe('base/web.yaml:8');
  });

  it('reads the overlay that is given, though its base lies elsewhere', async () => {
    const folder = temporaryFolder(kustomized);
    const snapshot = await read(join(folder, 'app/overlays/dev'));
    expect(names(snapshot)[0]).toMatch(/dev-/);
    const file = await read(join(folder, 'app/overlays/dev/kustomization.yaml'));
    expect(names(file)).toEqual(names(snapshot));
  });

  it('keeps apps apart that merely share a file', async () => {
    const app = (name: string): Record<string, string> => ({
      [`${name}/kustomization.yaml`]: 'resources: [../common, a.yaml, b.yaml]\n',
      [`${name}/a.yaml`]: configMap(`${name}-a`),
      [`${name}/b.yaml`]: configMap(`${name}-b`),
    });
    const folder = temporaryFolder({
      ...app('one'),
      ...app('two'),
      'common/kustomization.yaml': 'resources: [c.yaml]\n',
      'common/c.yaml': configMap('common'),
    });
    const snapshot = await read(folder);
    expect(names(snapshot)).toHaveLength(5);
    expect(skippedBelow(folder, snapshot)).toEqual({
      'common/c.yaml': 'ConfigMap "common": given again further down in the file',
    });
  });

  it('refuses remote bases before anything is run', async () => {
    const folder = temporaryFolder({ 'kustomization.yaml': 'resources:\n- https://user:pass@example.com/x.yaml\n' });
    const { unreadable } = await read(folder);
    expect(unreadable[0]).toMatchObject({
      code: 'remote-base',
      reason: 'it refers to https://example.com/x.yaml, which would be fetched from the network',
    });
  });

  it.each([
    ['a missing file', 'resources: [gone.yaml]\n', /gone\.yaml does not exist$/],
    ['an unknown field', 'resource: [a.yaml]\n', /unknown field "resource"/],
    ['a file outside', 'resources: [a.yaml]\npatches:\n- path: ../../outside.yaml\n', /outside/],
    ['a chart to inflate', 'helmCharts:\n- name: x\n', /Helm chart/],
  ])('tells of %s', async (_case, text, reason) => {
    const folder = temporaryFolder({
      'x/y/kustomization.yaml': text,
      'x/y/a.yaml': configMap('a'),
      'outside.yaml': configMap('o'),
    });
    const { unreadable } = await read(join(folder, 'x/y'));
    expect(unreadable.map(({ code }) => code)).toEqual(['kustomize-failed']);
    expect(unreadable[0]?.reason).toMatch(reason);
    expect(unreadable[0]?.position.file).toBe(`${folder}/x/y/kustomization.yaml`);
  });

  it('tells of a broken kustomization and reads the files beside it', async () => {
    const folder = temporaryFolder({ 'kustomization.yaml': 'resources: [\n', 'a.yaml': configMap('a') });
    const snapshot = await read(folder);
    expect(codes(snapshot)).toEqual(['invalid-yaml']);
    expect(names(snapshot)).toEqual(['ConfigMap/a']);
  });

  it('says what to install where there is no program', async () => {
    const snapshot = await read(temporaryFolder(kustomized), { environment: { PATH: '' } });
    expect(codes(snapshot)).toEqual(['kustomize-missing']);
  });
});

describe.skipIf(!toolsRunHere)('reading a folder that packages one app several times', () => {
  const web = (name: string): string => deployment.replace('name: web\nspec', `name: ${name}\nspec`);
  const packagings = {
    'k8s/web.yaml': `${web('web')}---\n${web('db')}`,
    'kustomize/kustomization.yaml': 'resources: [web.yaml]\nnamePrefix: prod-\n',
    'kustomize/web.yaml': `${web('web')}---\n${web('db')}`,
    'chart/Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
    'chart/templates/web.yaml': `${web('{{ .Release.Name }}-web')}---\n${web('{{ .Release.Name }}-db')}`,
  };

  it('judges it once, as manifests, and says how to judge the others', async () => {
    const folder = temporaryFolder(packagings);
    const snapshot = await read(folder);
    expect(names(snapshot)).toEqual(['Deployment/web', 'Deployment/db']);
    expect(skippedBelow(folder, snapshot)).toEqual({
      chart: `the same app as the manifests in ${folder}; give chart to judge it instead`,
      kustomize: `the same app as the manifests in ${folder}; give kustomize to judge it instead`,
    });
    expect(snapshot.facts.units?.map(({ kind, objects }) => [kind, objects])).toEqual([
      ['manifest', 2],
      ['kustomize', 0],
      ['helm', 0],
    ]);
  });

  it('does not render a kustomization that repeats the manifests', async () => {
    const snapshot = await read(temporaryFolder(packagings), { environment: { PATH: '' } });
    expect(codes(snapshot)).toEqual(['helm-missing']);
    expect(names(snapshot)).toEqual(['Deployment/web', 'Deployment/db']);
  });

  it('takes the complete packaging where another is a fragment', async () => {
    const more = ['a', 'b', 'c'].map((name) => web(name)).join('---\n');
    const folder = temporaryFolder({
      ...packagings,
      'kustomize/web.yaml': configMap('x'),
      'chart/templates/more.yaml': more,
    });
    const snapshot = await read(folder);
    expect(snapshot.objects.map(({ source }) => source.origin.kind)).toEqual([
      'kustomize',
      'helm',
      'helm',
      'helm',
      'helm',
      'helm',
    ]);
  });

  it('keeps units of different apps', async () => {
    const folder = temporaryFolder({
      ...packagings,
      'k8s/web.yaml': web('other'),
      'kustomize/web.yaml': configMap('x'),
    });
    const expected = ['Deployment/other', 'ConfigMap/prod-x', 'Deployment/shop-web', 'Deployment/shop-db'];
    expect(names(await read(folder)).toSorted()).toEqual(expected.toSorted());
  });
});
