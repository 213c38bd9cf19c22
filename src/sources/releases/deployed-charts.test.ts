import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../../test/programs/tool-paths.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { readSnapshot } from '../read-snapshot.ts';

const tools = toolPaths();

async function read(files: Readonly<Record<string, string>>, input = '.') {
  const folder = temporaryFolder(files);
  const snapshot = await readSnapshot([join(folder, input)], {
    helm: { values: [], set: [] },
    namespace: 'default',
    minor: 34,
    allowRemote: false,
    maxFileBytes: 1 << 20,
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_HELM: tools.helm4, NOWWHAT_KUBECTL: tools.kubectl },
  });
  const object = snapshot.objects.find(({ kind, source }) => kind === 'ConfigMap' && source.origin.kind === 'helm');
  const told = snapshot.skipped.map(({ file, what }) => `${file.replace(`${folder}/`, '')}: ${what}`);
  return { snapshot, data: asObject(object?.raw['data'] ?? null), object, told };
}

/** A chart that shows all its values, its release and its namespace. */
const chart = {
  'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
  'charts/web/values.yaml': 'a: default\nnested: {x: default, w: default}\nlist: [{k: 1}, {k: 2}]\n',
  'charts/web/templates/all.yaml':
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}-all\n  namespace: {{ .Release.Namespace }}\ndata:\n  values: {{ .Values | toJson | quote }}\n',
};

const valuesOf = (data: JsonObject): unknown => JSON.parse(asString(data['values']) ?? '');

const fluxRelease = (spec: string, metadata = '{name: web, namespace: shop}') => `apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: ${metadata}
spec:
  chart: {spec: {chart: ./charts/web, sourceRef: {kind: GitRepository, name: app}}}
${spec}`;

const configMap = (name: string, text: string, key = 'values.yaml') =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}, namespace: shop}\ndata:\n  ${key}: |\n${text.replaceAll(/^/gm, '    ')}\n`;

describe.skipIf(!toolsRunHere)('a chart that a HelmRelease of Flux deploys', () => {
  it('is rendered with the values, the name and the namespace of the release', async () => {
    const { data, object, told } = await read({
      ...chart,
      'flux/web.yaml': fluxRelease('  targetNamespace: prod\n  values: {a: own, nested: {x: own}}\n'),
    });
    expect(object).toMatchObject({ name: 'prod-web-all', namespace: 'prod' });
    expect(valuesOf(data)).toMatchObject({ a: 'own', nested: { x: 'own', w: 'default' } });
    expect(told.filter((each) => each.includes('HelmRelease'))).toEqual([]);
  });

  it('takes values from ConfigMaps and Secrets in their order, and its own over all of them', async () => {
    const { data } = await read({
      ...chart,
      'flux/web.yaml': fluxRelease(`  valuesFrom:
    - {kind: ConfigMap, name: one}
    - {kind: ConfigMap, name: two, valuesKey: number, targetPath: "list[1].k"}
    - {kind: Secret, name: three, valuesKey: a, targetPath: nested.z}
    - {kind: ConfigMap, name: gone, optional: true}
  values: {nested: {w: own}}
`),
      'flux/one.yaml': configMap('one', 'a: one\nnested: {x: one, w: one}\nlist: [{k: 7}, {k: 8}]'),
      'flux/two.yaml': configMap('two', '9', 'number'),
      'flux/three.yaml': `apiVersion: v1\nkind: Secret\nmetadata: {name: three, namespace: shop}\ndata: {a: ${btoa('"forty-two"')}}\n`,
    });
    expect(valuesOf(data)).toEqual({
      a: 'one',
      nested: { x: 'one', w: 'own', z: 'hidden-by-nowwhat' },
      list: [{ k: 7 }, { k: 9 }],
    });
  });

  it('never shows the value of a Secret, plain or encoded, and tells what it cannot read', async () => {
    const { snapshot, told } = await read({
      ...chart,
      'charts/web/templates/secret.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: made}\ndata: {password: {{ .Values.a | b64enc }}}\n',
      'flux/web.yaml': fluxRelease(
        '  valuesFrom: [{kind: Secret, name: db}, {kind: Secret, name: sealed}, {kind: ConfigMap, name: gone}]\n',
      ),
      'flux/db.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData:\n  values.yaml: |\n    a: correct-horse\n',
      'flux/sealed.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: sealed, namespace: shop}\ndata: {values.yaml: "ENC[AES256_GCM,data:x]"}\nsops: {version: "3"}\n',
    });
    const fromChart = snapshot.objects.filter(({ source }) => source.origin.kind === 'helm');
    const texts = fromChart.map(({ source }) => snapshot.texts[source.text]?.text);
    for (const shown of [JSON.stringify(fromChart), JSON.stringify(texts)]) {
      expect(shown).not.toContain('correct-horse');
      expect(shown).not.toContain(btoa('correct-horse'));
    }
    expect(fromChart.find(({ kind }) => kind === 'Secret')?.raw).toMatchObject({
      data: { password: btoa('hidden-by-nowwhat') },
    });
    expect(told).toContain(
      'flux/web.yaml: HelmRelease "web" takes values from what is not in the files, or not readable there: Secret "sealed" (values.yaml)',
    );
    expect(told).toContain(
      'flux/web.yaml: HelmRelease "web" takes values from what is not in the files, or not readable there: ConfigMap "gone" (values.yaml)',
    );
  });

  it('hides short values of Secrets where they come out, and leaves the same words elsewhere', async () => {
    const { snapshot, data } = await read({
      ...chart,
      'charts/web/templates/other.yaml':
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: other}\ndata: {a: "default, {{ .Values.a }}", b: prod}\n',
      'flux/web.yaml': fluxRelease('  valuesFrom: [{kind: Secret, name: db}]\n'),
      'flux/db.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData:\n  values.yaml: |\n    a: prod\n    nested: {x: 4711}\n',
    });
    expect(valuesOf(data)).toMatchObject({ a: 'hidden-by-nowwhat', nested: { w: 'default' } });
    expect(asString(data['values'])).not.toContain('4711');
    const other = snapshot.objects.find(({ name }) => name === 'other');
    expect(other?.raw['data']).toEqual({ a: 'default, hidden-by-nowwhat', b: 'prod' });
  });

  it('shows no value of a Secret where helm fails over it', async () => {
    const { snapshot } = await read({
      ...chart,
      'charts/web/templates/fail.yaml': '{{ fail (printf "bad %s" .Values.a) }}\n',
      'flux/web.yaml': fluxRelease('  valuesFrom: [{kind: Secret, name: db, valuesKey: a, targetPath: a}]\n'),
      'flux/db.yaml':
        'apiVersion: v1\nkind: Secret\nmetadata: {name: db, namespace: shop}\nstringData: {a: correct-horse}\n',
    });
    expect(snapshot.unreadable.map(({ reason }) => reason).join()).toContain('bad hidden-by-nowwhat');
  });

  it('has the files of the release in place of its own defaults', async () => {
    const spec = (files: string) =>
      `apiVersion: source.toolkit.fluxcd.io/v1\nkind: HelmChart\nmetadata: {name: web, namespace: flux-system}\nspec: {chart: charts/web, valuesFiles: ${files}, sourceRef: {kind: GitRepository, name: app}}\n---\napiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web, namespace: flux-system}\nspec: {chartRef: {kind: HelmChart, name: web}}\n`;
    const files = { ...chart, 'charts/web/values-prod.yaml': 'a: prod\n' };
    const alone = await read({ ...files, 'flux/web.yaml': spec('[./charts/web/values-prod.yaml]') });
    expect(valuesOf(alone.data)).toEqual({ a: 'prod' });
    expect(alone.object?.source.file).toMatch(/charts\/web\/templates\/all.yaml$/);
    const over = await read({
      ...files,
      'flux/web.yaml': spec('[charts/web/values.yaml, charts/web/values-prod.yaml, ../outside.yaml]'),
    });
    expect(valuesOf(over.data)).toMatchObject({ a: 'prod', nested: { x: 'default' } });
    expect(over.told.join('\n')).toContain('values file ../outside.yaml');
  });

  it('is rendered as an ApplicationSet deploys it, with the values of the one nearest to production', async () => {
    const { data, object, told } = await read({
      ...chart,
      'charts/web/values-prod.yaml': 'a: prod\n',
      'argo/set.yaml': `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: all}
spec:
  generators: [{matrix: {generators: [{git: {repoURL: r, directories: [{path: "charts/*"}]}}, {list: {elements: [{env: staging}, {env: prod}]}}]}}, {clusters: {}}]
  template:
    metadata: {name: "{{path.basename}}-{{env}}"}
    spec:
      source: {repoURL: r, path: "{{path}}", helm: {valueFiles: ["values-{{env}}.yaml"]}}
      destination: {namespace: "{{env}}"}
`,
    });
    expect(object).toMatchObject({ name: 'web-prod-all', namespace: 'prod' });
    expect(valuesOf(data)).toMatchObject({ a: 'prod' });
    expect(told.join()).toContain('files do not tell (clusters: no Secret');
    expect(told.join()).toContain('as "web-staging" as well; it is read as "web-prod"');
  });

  it('may be the repository itself, where a clone of it is called as its address says', async () => {
    const files = (url: string) => ({
      ...Object.fromEntries(Object.entries(chart).map(([file, text]) => [file.replace('charts/web', 'web'), text])),
      'fleet/web.yaml': `apiVersion: source.toolkit.fluxcd.io/v1\nkind: GitRepository\nmetadata: {name: app, namespace: shop}\nspec: {url: "${url}"}\n---\n${fluxRelease('  values: {a: own}\n').replace('./charts/web', './')}`,
    });
    expect(valuesOf((await read(files('https://example.com/team/web.git'))).data)).toMatchObject({ a: 'own' });
    expect(valuesOf((await read(files('ssh://git@example.com/team/other'))).data)).toMatchObject({ a: 'default' });
  });

  it('is not the chart of a registry that has the same name', async () => {
    const { data, object } = await read({
      ...chart,
      'flux/web.yaml':
        'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: other}\nspec: {values: {a: own}, chart: {spec: {chart: web, sourceRef: {kind: HelmRepository, name: app}}}}\n',
    });
    expect(object?.name).toBe('web-all');
    expect(valuesOf(data)).toMatchObject({ a: 'default' });
  });

  it('is read as the release nearest to production deploys it, and the others are told', async () => {
    const { data, told } = await read({
      ...chart,
      'clusters/dev/web.yaml': fluxRelease('  values: {a: dev}\n', '{name: web-dev}'),
      'clusters/production/web.yaml': fluxRelease('  values: {a: prod}\n'),
    });
    expect(valuesOf(data)).toMatchObject({ a: 'prod' });
    expect(told.join('\n')).toMatch(
      /clusters\/dev\/web.yaml: HelmRelease "web-dev" deploys the chart .*charts\/web as well; it is read as HelmRelease "web" in /,
    );
  });

  it('is read with what a kustomization makes of the release', async () => {
    const { data } = await read({
      ...chart,
      'apps/base/release.yaml': fluxRelease('  values: {a: base, nested: {x: base}}\n'),
      'apps/base/kustomization.yaml': 'resources: [release.yaml]\n',
      'apps/production/kustomization.yaml':
        'resources: [../base]\npatches:\n  - patch: |\n      apiVersion: helm.toolkit.fluxcd.io/v2\n      kind: HelmRelease\n      metadata: {name: web, namespace: shop}\n      spec: {values: {a: production}}\n',
    });
    expect(valuesOf(data)).toMatchObject({ a: 'production', nested: { x: 'base', w: 'default' } });
  });
});

const application = (helm: string, more = '') => `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, namespace: argocd}
spec:
  destination: {namespace: shop, server: https://kubernetes.default.svc}
  source:
    repoURL: https://example.com/app
    path: charts/web
    helm: ${helm}
${more}`;

describe.skipIf(!toolsRunHere)('a chart that an Application of Argo CD deploys', () => {
  it('has parameters over values, values over files, files over defaults', async () => {
    const { data, object } = await read({
      ...chart,
      'charts/web/values-prod.yaml': 'a: file\nnested: {x: file, w: file}\n',
      'values/all.yaml': 'deep: all\n',
      'argo/web.yaml': application(
        '{releaseName: shop-web, valueFiles: [values-prod.yaml, /values/all.yaml], valuesObject: {nested: {w: object}}, values: "a: ignored", parameters: [{name: "list[0].k", value: "5"}, {name: text, value: "5", forceString: true}, {name: commas, value: "1,2"}]}',
      ),
    });
    expect(object).toMatchObject({ name: 'shop-web-all', namespace: 'shop' });
    expect(valuesOf(data)).toEqual({
      a: 'file',
      nested: { x: 'file', w: 'object' },
      list: [{ k: 5 }],
      deep: 'all',
      text: '5',
      commas: '1,2',
    });
  });

  it('takes values from a text, and files from another source of the same repository by its name', async () => {
    const { data, told } = await read({
      ...chart,
      'envs/prod.yaml': 'nested: {x: ref}\n',
      'argo/web.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web}
spec:
  destination: {namespace: shop}
  sources:
    - repoURL: https://example.com/app
      path: charts/web
      helm:
        valueFiles: [$here/envs/prod.yaml, $elsewhere/x.yaml]
        values: |
          a: text
    - {repoURL: https://example.com/app, ref: here}
    - {repoURL: https://example.com/other, ref: elsewhere}
`,
    });
    expect(valuesOf(data)).toMatchObject({ a: 'text', nested: { x: 'ref' } });
    expect(told.join('\n')).toContain('values file $elsewhere/x.yaml');
  });
});
