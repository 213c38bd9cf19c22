import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../../test/programs/tool-paths.ts';
import { applyFix, planFix } from './fix.ts';
import type { ChoiceRule } from './choices.ts';

const tools = toolPaths();

async function fix(folder: string, only: readonly string[], choices: readonly ChoiceRule[] = [], input = 'chart') {
  return fixWith(tools.helm4, { folder, only, choices, input });
}

interface Asked {
  readonly folder: string;
  readonly only: readonly string[];
  readonly choices?: readonly ChoiceRule[];
  readonly input?: string;
}

async function fixWith(helm: string, { folder, only, choices = [], input = 'chart' }: Asked) {
  const wish = {
    inputs: [join(folder, input)],
    values: [],
    set: [],
    allowRemote: false,
    maxFileBytes: 1 << 20,
    only,
    choices,
  };
  const made = await planFix(wish, {
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_HELM: helm, NOWWHAT_KUBECTL: tools.kubectl },
    today: '2026-01-01',
    progress: () => undefined,
  });
  await applyFix(made);
  const { answer } = made;
  return {
    texts: new Map(made.files.map(({ file, after }) => [relative(folder, file), after])),
    refused: answer.refused.map(({ reason }) => reason),
    renderings: answer.renderings ?? [],
    decisions: answer.decisions,
  };
}

const chart = 'apiVersion: v2\nname: shop\nversion: 1.0.0\n';
const secret =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: {{ .Release.Name }}-db\nstringData:\n  password: hunter2\n';
const service = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports: [{port: 80}]\n';

describe.skipIf(!toolsRunHere)('what a chart renders is taken away', () => {
  it('in its template, where it is a document of its own', async () => {
    const folder = temporaryFolder({
      'chart/Chart.yaml': chart,
      'chart/templates/all.yaml': `${service}---\n${secret}`,
    });
    const choices = [{ check: 'secret-in-manifest', take: 'keep-outside' }];
    const made = await fix(folder, ['secret-in-manifest'], choices);
    expect([...made.texts]).toEqual([['chart/templates/all.yaml', service]]);
    expect(made.renderings).toMatchObject([{ changed: 0, created: 0, removed: 1, unchanged: 1 }]);
  });

  it('behind it, where the template makes it in a loop; never a Secret, whose values would stay', async () => {
    const volume =
      'apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: {{ . }}\nspec:\n  storageClassName: standard\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  hostPath: {path: /data}\n';
    const loop = (text: string) => `{{- range .Values.names }}\n---\n${text}{{- end }}\n`;
    const folder = temporaryFolder({
      'chart/Chart.yaml': chart,
      'chart/values.yaml': 'names: [a, b]\n',
      'chart/templates/service.yaml': service,
      'chart/templates/volumes.yaml': loop(volume),
      'chart/templates/secrets.yaml': loop(secret.replace('{{ .Release.Name }}-db', '{{ . }}')),
    });
    const checks = ['host-path-persistent-volume', 'secret-in-manifest'];
    const { decisions } = await fix(folder, checks);
    const choices = decisions.flatMap(({ check, choices: [first] }) =>
      first === undefined ? [] : [{ check, take: first.id }],
    );
    const made = await fix(folder, checks, choices);
    expect([...made.texts.keys()].filter((file) => file.includes('patch'))).toEqual([
      'chart-post-render/patch-a.yaml',
      'chart-post-render/patch-b.yaml',
    ]);
    expect(made.texts.get('chart-post-render/patch-a.yaml')).toBe(
      'apiVersion: v1\nkind: PersistentVolume\nmetadata:\n  name: a\n$patch: delete\n',
    );
    expect(new Set(made.refused)).toEqual(new Set(['its values would stay in the files']));
    expect(made.renderings).toMatchObject([{ removed: 2, unchanged: 3 }]);
    expect((await fix(folder, ['host-path-persistent-volume'], choices.slice(0, 1))).texts.size).toBe(0);
  });
});

const helper = `{{- define "shop.pod" -}}
containers:
  - name: web
    image: example.com/web:1
{{- end }}
`;
const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      {{- include "shop.pod" . | nindent 6 }}
`;
const app = {
  'chart/Chart.yaml': chart,
  'chart/templates/_pod.tpl': helper,
  'chart/templates/web.yaml': deployment,
};

describe.skipIf(!toolsRunHere)('a patch behind a chart', () => {
  it('is aimed at what stays when the release is called otherwise, and Helm applies it there', async () => {
    const folder = temporaryFolder(app);
    const made = await fix(folder, ['privilege-escalation']);
    expect(made.texts.get('chart-post-render/kustomization.yaml')).toContain(
      'patches:\n  - path: patch-shop.yaml\n    target:\n      kind: Deployment\n      name: .*\n',
    );
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    symlinkSync(tools.kubectl, join(bin, 'kubectl'));
    const script = join(folder, 'chart-post-render/post-render.sh');
    const args = ['template', 'prod', join(folder, 'chart'), '--post-renderer', script];
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: folder };
    const text = execFileSync(tools.helm3, args, { encoding: 'utf8', env });
    expect(text).toMatch(
      /allowPrivilegeEscalation: false[\s\S]*name: prod|name: prod[\s\S]*allowPrivilegeEscalation: false/,
    );
  });

  /** The default account has rights, and the pods carry its token: an account of their own is called as they are. */
  const bound = {
    'chart/templates/rights.yaml':
      'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\nrules: [{apiGroups: [""], resources: [pods], verbs: [get]}]\n---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: reader}\nroleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\nsubjects: [{kind: ServiceAccount, name: default, namespace: default}]\n',
  };

  it('is not made where it would name the one release that was rendered', async () => {
    const whole = deployment.replace(
      '\n      {{- include "shop.pod" . | nindent 6 }}',
      ' {{ include "shop.pod" . | fromYaml | toJson }}',
    );
    const folder = temporaryFolder({ ...app, ...bound, 'chart/templates/web.yaml': whole });
    const made = await fix(folder, ['default-account-used']);
    expect(made.texts.size).toBe(0);
    expect(made.refused).toEqual(['a patch behind the chart would name this one release']);
  });

  it('is not needed where the template can say the name of the release itself', async () => {
    const plain = deployment.replace(
      '{{- include "shop.pod" . | nindent 6 }}',
      'containers: [{name: web, image: "example.com/web:1"}]',
    );
    const folder = temporaryFolder({ ...app, ...bound, 'chart/templates/web.yaml': plain });
    const made = await fix(folder, ['default-account-used']);
    expect(made.refused).toEqual([]);
    expect(made.texts.get('chart/templates/web.yaml')).toContain('serviceAccountName: {{ .Release.Name }}\n');
    const text = execFileSync(tools.helm4, ['template', 'prod', join(folder, 'chart')], { encoding: 'utf8' });
    expect(text).toContain('serviceAccountName: prod\n');
    expect(text.match(/name: prod\b/g)).toHaveLength(3);
  });

  it('goes into the settings that are there, of which every line stays', async () => {
    const settings = '# ours\nkubeVersion: "1.34"\npostRender:\n  - {chart: other, overlay: behind}\n';
    const folder = temporaryFolder({ ...app, 'nowwhat.yaml': settings });
    mkdirSync(join(folder, '.git'));
    const made = await fix(folder, ['privilege-escalation']);
    expect(made.texts.get('nowwhat.yaml')).toBe(`${settings}  - chart: chart\n    overlay: chart-post-render\n`);
    expect((await fix(folder, ['privilege-escalation'])).texts.size).toBe(0);
  });

  const hook = deployment.replace('metadata:\n', 'metadata:\n  annotations: {helm.sh/hook: pre-install}\n');

  it('is made for a hook where the Helm in use shows hooks to post-renderers, else refused', async () => {
    const files = { ...app, 'chart/templates/web.yaml': hook };
    const by3 = await fixWith(tools.helm3, { folder: temporaryFolder(files), only: ['privilege-escalation'] });
    expect(by3.texts.size).toBe(0);
    expect(by3.refused).toEqual(['it is a hook, and Helm 3 shows hooks to no post-renderer (Helm 4 does)']);
    const by4 = await fix(temporaryFolder(files), ['privilege-escalation']);
    expect(by4.texts.get('chart-post-render/patch-shop.yaml')).toContain('allowPrivilegeEscalation: false');
  });

  it('is not needed for a hook whose template is plain', async () => {
    const plain = hook.replace(
      '{{- include "shop.pod" . | nindent 6 }}',
      'containers: [{name: web, image: "example.com/web:1"}]',
    );
    const folder = temporaryFolder({ ...app, 'chart/templates/web.yaml': plain });
    const made = await fixWith(tools.helm3, { folder, only: ['privilege-escalation'] });
    expect([...made.texts.keys()]).toEqual(['chart/templates/web.yaml']);
  });

  it('is refused for a hook of a release of Flux that does not say that hooks are shown', async () => {
    const folder = temporaryFolder({ ...app, 'chart/templates/web.yaml': hook, 'flux/web.yaml': release });
    const made = await fix(folder, ['privilege-escalation'], [], '.');
    expect(made.refused).toEqual([expect.stringContaining('spec.postRenderStrategy is combined or separate')]);
    const saying = release.replace('spec:\n', 'spec:\n  postRenderStrategy: combined\n');
    const other = temporaryFolder({ ...app, 'chart/templates/web.yaml': hook, 'flux/web.yaml': saying });
    expect([...(await fix(other, ['privilege-escalation'], [], '.')).texts.keys()]).toContain('flux/web.yaml');
  });
});

const release = `# deployed by Flux
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata:
  name: web
spec:
  interval: 5m
  chart:
    spec:
      chart: ./chart # in this repository
      sourceRef: {kind: GitRepository, name: web}
`;

describe.skipIf(!toolsRunHere)('a patch behind a chart that Flux deploys', () => {
  it('goes into the post-renderers of its HelmRelease, and is read there from then on', async () => {
    const folder = temporaryFolder({ ...app, 'flux/web.yaml': release });
    mkdirSync(join(folder, '.git'));
    const made = await fix(folder, ['privilege-escalation', 'image-unqualified'], [], '.');
    expect([...made.texts.keys()]).toEqual(['flux/web.yaml', 'nowwhat.yaml']);
    expect(made.texts.get('flux/web.yaml')).toBe(`${release}  postRenderers:
    - kustomize:
        patches:
          - target:
              kind: Deployment
              name: .*
            patch: |
              apiVersion: apps/v1
              kind: Deployment
              metadata:
                name: web
              spec:
                template:
                  spec:
                    containers:
                      - name: web
                        securityContext:
                          allowPrivilegeEscalation: false
`);
    expect(made.texts.get('nowwhat.yaml')).toContain('  - chart: chart\n    overlay: flux/web.yaml\n');
    // The chart alone, as the user names it next, is what the release makes of it.
    expect((await fix(folder, ['privilege-escalation'])).texts.size).toBe(0);
    const dropAll = [{ check: 'capabilities-not-dropped', take: 'drop-all' }];
    const more = await fix(folder, ['capabilities-not-dropped'], dropAll);
    expect([...more.texts.keys()]).toEqual(['flux/web.yaml']);
    expect(more.texts.get('flux/web.yaml')).toContain('drop:');
    expect(more.texts.get('flux/web.yaml')?.match(/target:/g)).toHaveLength(1);
  });

  it('adds to what is there, whether anybody has declared it or not', async () => {
    const images =
      '  postRenderers:\n    - kustomize:\n        images:\n          - {name: example.com/web, newTag: "2"}\n';
    const folder = temporaryFolder({ ...app, 'flux/web.yaml': release + images });
    mkdirSync(join(folder, '.git'));
    const made = await fix(folder, ['privilege-escalation'], [], '.');
    expect(made.refused).toEqual([]);
    expect(made.texts.get('flux/web.yaml')).toContain(`${release}${images}        patches:\n          - target:\n`);
    expect(made.renderings).toMatchObject([{ changed: 1, unchanged: 0 }]);
  });

  it('is exact in the namespace of the release, too', async () => {
    const placed = release.replace('  name: web\n', '  name: web\n  namespace: shop\n');
    const folder = temporaryFolder({ ...app, 'flux/web.yaml': placed });
    mkdirSync(join(folder, '.git'));
    const made = await fix(folder, ['privilege-escalation'], [], '.');
    expect(made.refused).toEqual([]);
    expect([...made.texts.keys()]).toEqual(['flux/web.yaml', 'nowwhat.yaml']);
    expect(made.renderings).toMatchObject([{ changed: 1, unchanged: 0 }]);
  });

  it('is refused where Argo CD deploys the chart: it runs nothing behind it', async () => {
    const folder = temporaryFolder({
      ...app,
      'argo/web.yaml':
        'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source: {repoURL: https://example.com/a, path: chart}\n',
    });
    const made = await fix(folder, ['privilege-escalation'], [], '.');
    expect(made.texts.size).toBe(0);
    expect(made.refused).toEqual(['Argo CD deploys its chart, and runs nothing behind it']);
  });
});

/** A chart that offers the security context of its container. */
const offering = {
  'chart/Chart.yaml': chart,
  'chart/values.yaml': 'securityContext:\n  allowPrivilegeEscalation: true # of the chart\n',
  'chart/templates/web.yaml': deployment.replace(
    '      {{- include "shop.pod" . | nindent 6 }}',
    '      containers:\n        - name: web\n          image: example.com/web:1\n          securityContext:\n            {{- toYaml .Values.securityContext | nindent 12 }}',
  ),
};

describe.skipIf(!toolsRunHere)('a fix that a chart has a value for', () => {
  const checks = ['privilege-escalation'];

  it('goes into the values of the HelmRelease that deploys it: the defaults are for others, too', async () => {
    const values = '  values:\n    securityContext:\n      allowPrivilegeEscalation: true # since 2019\n';
    const folder = temporaryFolder({ ...offering, 'flux/web.yaml': release + values });
    const made = await fix(folder, checks, [], '.');
    expect([...made.texts]).toEqual([
      [
        'flux/web.yaml',
        `${release}  values:\n    securityContext:\n      allowPrivilegeEscalation: false # since 2019\n`,
      ],
    ]);
    expect(made.renderings).toMatchObject([{ changed: 1, unchanged: 0 }]);
    expect((await fix(folder, checks, [], '.')).texts.size).toBe(0);
  });

  it('begins the values of a HelmRelease that has none', async () => {
    const folder = temporaryFolder({ ...offering, 'flux/web.yaml': release });
    const made = await fix(folder, checks, [], '.');
    expect([...made.texts]).toEqual([
      ['flux/web.yaml', `${release}  values:\n    securityContext:\n      allowPrivilegeEscalation: false\n`],
    ]);
  });

  it('is judged with values from a ConfigMap, which the release is put over', async () => {
    const from = '  valuesFrom: [{kind: ConfigMap, name: web}]\n';
    const map =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\ndata:\n  values.yaml: |\n    securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: true}\n';
    const folder = temporaryFolder({ ...offering, 'flux/web.yaml': release + from, 'flux/map.yaml': map });
    const made = await fix(folder, checks, [], '.');
    expect([...made.texts]).toEqual([
      ['flux/web.yaml', `${release}${from}  values:\n    securityContext:\n      allowPrivilegeEscalation: false\n`],
    ]);
  });

  it('goes into the HelmRelease that a kustomization makes, where the file is its own', async () => {
    const folder = temporaryFolder({
      ...offering,
      'flux/web.yaml': `${release}  values: {securityContext: {runAsNonRoot: true}}\n`,
      'flux/kustomization.yaml': 'namespace: shop\nresources: [web.yaml]\n',
    });
    const made = await fix(folder, checks, [], '.');
    expect([...made.texts]).toEqual([
      [
        'flux/web.yaml',
        `${release}  values: {securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}}\n`,
      ],
    ]);
    const [proof] = made.renderings.filter(({ kind }) => kind === 'kustomize');
    expect(proof).toMatchObject({ unit: join(folder, 'flux'), changed: 1, created: 0, unchanged: 0 });
  });

  const overlays = {
    'flux/base/web.yaml': `${release}  values: {securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: true}}\n`,
    'flux/base/kustomization.yaml': 'resources: [web.yaml]\n',
    'flux/staging/kustomization.yaml': 'resources: [../base]\n',
    'flux/prod/kustomization.yaml': 'namePrefix: live-\nresources: [../base]\npatches: [{path: web.yaml}]\n',
  };
  const patch = (spec: string) =>
    `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: web}\nspec:\n  interval: 1m # often\n${spec}`;

  it('goes into the patch of the overlay that makes the HelmRelease, where others share its base', async () => {
    const folder = temporaryFolder({ ...offering, ...overlays, 'flux/prod/web.yaml': patch('') });
    const made = await fix(folder, checks, [], '.');
    expect([...made.texts]).toEqual([
      ['flux/prod/web.yaml', patch('  values:\n    securityContext:\n      allowPrivilegeEscalation: false\n')],
    ]);
    expect((await fix(folder, checks, [], '.')).texts.size).toBe(0);
  });

  it('is left to a person where all that makes the HelmRelease is shared, with the place', async () => {
    const folder = temporaryFolder({
      ...offering,
      ...overlays,
      'flux/prod/kustomization.yaml': 'namePrefix: live-\nresources: [../base]\n',
    });
    const made = await fix(folder, checks, [], '.');
    expect(made.texts.size).toBe(0);
    expect(made.refused).toEqual([
      expect.stringMatching(/flux\/prod makes the HelmRelease "live-web" .* by hand, into a patch/),
    ]);
  });

  it('goes behind the chart by the HelmRelease that a kustomization makes, and touches no other object of that', async () => {
    const folder = temporaryFolder({ ...app, ...overlays, 'flux/prod/web.yaml': patch('') });
    const made = await fix(folder, ['privilege-escalation'], [], '.');
    expect([...made.texts.keys()]).toEqual(['flux/prod/web.yaml']);
    expect(made.texts.get('flux/prod/web.yaml')).toContain('  postRenderers:\n    - kustomize:\n');
    expect(made.renderings.map(({ kind, changed }) => [kind, changed])).toEqual([
      ['helm', 1],
      ['kustomize', 1],
    ]);
    expect((await fix(folder, ['privilege-escalation'], [], '.')).texts.size).toBe(0);
  });

  const argo = (helm: string) =>
    `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n  source:\n    repoURL: https://example.com/a\n    path: chart\n    helm:\n${helm}`;

  it('goes into the text that an Application of Argo CD holds its values in, or the object, or its file', async () => {
    const text = argo(
      '      values: |\n        # ours\n        securityContext:\n          allowPrivilegeEscalation: true # since 2019\n',
    );
    const inText = temporaryFolder({ ...offering, 'argo/web.yaml': text });
    const made = await fix(inText, checks, [], '.');
    expect([...made.texts]).toEqual([
      ['argo/web.yaml', `${text.replace('allowPrivilegeEscalation: true', 'allowPrivilegeEscalation: false')}`],
    ]);
    const object = argo('      valuesObject:\n        securityContext: {allowPrivilegeEscalation: true}\n');
    const inObject = temporaryFolder({ ...offering, 'argo/web.yaml': object });
    expect([...(await fix(inObject, checks, [], '.')).texts]).toEqual([
      ['argo/web.yaml', object.replace('Escalation: true', 'Escalation: false')],
    ]);
    const file = argo('      valueFiles: [/envs/prod.yaml]\n');
    const inFile = temporaryFolder({
      ...offering,
      'argo/web.yaml': file,
      'envs/prod.yaml': 'securityContext: {allowPrivilegeEscalation: true}\n',
    });
    expect([...(await fix(inFile, checks, [], '.')).texts]).toEqual([
      ['envs/prod.yaml', 'securityContext: {allowPrivilegeEscalation: false}\n'],
    ]);
  });
});
