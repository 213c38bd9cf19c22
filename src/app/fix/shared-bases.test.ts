import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { toolPaths, toolsRunHere } from '../../../test/programs/tool-paths.ts';
import type { Subject } from '../../model/index.ts';
import { applyFix, planFix } from './fix.ts';
import type { ChoiceRule } from './choices.ts';

const tools = toolPaths();

interface Asked {
  readonly inputs: readonly string[];
  readonly only: readonly string[];
  readonly choices?: readonly ChoiceRule[];
  readonly about?: readonly Subject[];
}

async function plan(folder: string, { inputs, only, choices = [], about }: Asked) {
  const wish = {
    inputs: inputs.map((each) => join(folder, each)),
    values: [],
    set: [],
    allowRemote: false,
    maxFileBytes: 1 << 20,
    only,
    choices,
    about,
  };
  return planFix(wish, {
    stdin: async () => new Uint8Array(),
    environment: { NOWWHAT_KUBECTL: tools.kubectl },
    today: '2026-01-01',
    progress: () => undefined,
  });
}

const render = (folder: string, overlay: string): string =>
  execFileSync(tools.kubectl, ['kustomize', join(folder, overlay)], { encoding: 'utf8' });

/** Lines that are there more often than before. */
function addedLines(before: string, after: string): string[] {
  const old = before.split('\n');
  return after.split('\n').flatMap((line) => {
    const index = old.indexOf(line);
    if (index !== -1) old.splice(index, 1);
    return index === -1 ? [line.trim()] : [];
  });
}

/** Plans, writes, and tells which files are edited, which findings are not, and what kubectl renders of each overlay afterwards. */
async function fix(folder: string, asked: Asked, overlays: readonly string[] = []) {
  const made = await plan(folder, asked);
  const before = overlays.map((overlay) => render(folder, overlay));
  await applyFix(made);
  const after = overlays.map((overlay) => render(folder, overlay));
  const { answer } = made;
  return {
    edited: made.files.map(({ file }) => relative(folder, file)),
    texts: new Map(made.files.map(({ file, after: text }) => [relative(folder, file), text])),
    refused: answer.refused.map(({ reason }) => reason.replaceAll(`${folder}/`, '')),
    fixed: answer.fixed.length,
    renderings: (answer.renderings ?? []).map(({ unit, changed }) => [relative(folder, unit), changed]),
    added: after.map((text, index) => addedLines(before[index] ?? '', text)),
    again: (await plan(folder, asked)).files.length,
  };
}

const workload = (name: string, rest = '') => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name} # ours
spec:
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
        - name: ${name}
          image: ${name}:1
${rest}`;

const kustomization = (resources: string, rest = '') => `resources: [${resources}]\n${rest}`;
const patch = (name: string, container: string) =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec:\n      containers:\n        - name: ${name}\n          ${container}\n`;
const closed = 'securityContext: {allowPrivilegeEscalation: false}';

const tree = {
  'base/kustomization.yaml': kustomization('web.yaml, api.yaml'),
  'base/web.yaml': workload('web'),
  'base/api.yaml': workload('api'),
  'overlays/dev/kustomization.yaml': kustomization('../../base', 'namePrefix: dev-\n'),
  'overlays/prod/kustomization.yaml': kustomization('../../base', 'namespace: prod\nnameSuffix: -v2\n'),
};
const both = ['overlays/dev', 'overlays/prod'];
const escalation = ['privilege-escalation'];
const line = 'allowPrivilegeEscalation: false';

describe.skipIf(!toolsRunHere)('a fix in one of several overlays', () => {
  it('goes to the base where its finding is open in all of them, and is proven in each', async () => {
    const folder = temporaryFolder(tree);
    // The user named one of them: the other is found, as it shares the base.
    const made = await fix(folder, { inputs: ['overlays/prod'], only: escalation }, both);
    // Nothing tells that the folders belong together but the base itself, beside which the user is taken to stand.
    expect(made).toMatchObject({ edited: ['base/api.yaml', 'base/web.yaml'], refused: [], fixed: 2, again: 0 });
    expect(made.texts.get('base/web.yaml')).toBe(`${workload('web')}          securityContext:\n            ${line}\n`);
    expect(made.renderings).toEqual([
      ['overlays/prod', 2],
      ['overlays/dev', 2],
    ]);
    expect(made.added).toEqual([
      ['securityContext:', line, 'securityContext:', line],
      ['securityContext:', line, 'securityContext:', line],
    ]);
  });

  it('stays in the overlay where the finding is open in that one only, and no other changes', async () => {
    const folder = temporaryFolder({
      ...tree,
      'overlays/prod/kustomization.yaml': `${tree['overlays/prod/kustomization.yaml']}patches: [{path: web.yaml}]\n`,
      'overlays/prod/web.yaml': patch('web', closed),
    });
    const made = await fix(folder, { inputs: ['overlays/dev'], only: escalation }, both);
    expect(made.edited).toEqual(['base/api.yaml', 'overlays/dev/kustomization.yaml', 'overlays/dev/patch-web.yaml']);
    expect(made).toMatchObject({ refused: [], fixed: 2, again: 0 });
    // In prod only the other workload changes, which was open there too.
    expect(made.added.map((lines) => lines.filter((each) => each === line).length)).toEqual([2, 1]);
  });

  it('stays in the overlay where another one cannot be rendered', async () => {
    const folder = temporaryFolder({
      ...tree,
      'overlays/dev/kustomization.yaml': kustomization('../../base, gone.yaml'),
    });
    const made = await fix(folder, { inputs: ['overlays/prod'], only: escalation });
    expect(made.edited.every((file) => file.startsWith('overlays/prod/'))).toBe(true);
    expect(made).toMatchObject({ refused: [], fixed: 2, again: 0 });
  });

  it('stays in the overlay where the base would be overridden in another one, or changes something else there', async () => {
    const folder = temporaryFolder({
      ...tree,
      // The label is open in both, and what the base says of it does not arrive in dev.
      'overlays/dev/kustomization.yaml': kustomization(
        '../../base',
        'patches:\n- target: {kind: Deployment, name: web}\n  patch: |-\n    - op: replace\n      path: /spec/template/spec/containers/0\n      value: {name: web, image: "web:2"}\n',
      ),
    });
    const made = await fix(folder, { inputs: ['overlays/prod'], only: escalation }, both);
    expect(made.edited).toEqual(['base/api.yaml', 'overlays/prod/kustomization.yaml', 'overlays/prod/patch-web.yaml']);
    expect(made.added.map((lines) => lines.filter((each) => each === line).length)).toEqual([1, 2]);
  });

  it('goes to the base that says it, of several one upon the other', async () => {
    const folder = temporaryFolder({
      ...tree,
      'middle/kustomization.yaml': kustomization('../base, more.yaml', 'patches: [{path: web.yaml}]\n'),
      'middle/more.yaml': workload('more'),
      'middle/web.yaml': patch('web', 'securityContext: {allowPrivilegeEscalation: true}'),
      'overlays/dev/kustomization.yaml': kustomization('../../middle'),
      'overlays/prod/kustomization.yaml': kustomization('../../middle'),
    });
    const made = await fix(folder, { inputs: ['overlays/prod'], only: escalation }, both);
    expect(made.edited).toEqual(['base/api.yaml', 'middle/more.yaml', 'middle/web.yaml']);
    expect(made.texts.get('middle/web.yaml')).toContain(closed);
    expect(made).toMatchObject({ refused: [], fixed: 3, again: 0 });
  });

  it('goes to the component that says it, where all that use it have the finding: who does not use it is not asked', async () => {
    const component = 'apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\npatches: [{path: debug.yaml}]\n';
    const files = {
      ...tree,
      'parts/debug/kustomization.yaml': component,
      'parts/debug/debug.yaml': patch('web', 'securityContext: {allowPrivilegeEscalation: true}'),
      'base/web.yaml': workload('web', `          ${closed}\n`),
      'base/api.yaml': workload('api', `          ${closed}\n`),
      'overlays/dev/kustomization.yaml': kustomization('../../base', 'components: [../../parts/debug]\n'),
      'overlays/prod/kustomization.yaml': kustomization('../../base'),
    };
    const folder = temporaryFolder(files);
    const made = await fix(folder, { inputs: ['overlays/dev'], only: escalation }, both);
    expect(made.edited).toEqual(['parts/debug/debug.yaml']);
    expect(made.added[1]).toEqual([]);
  });

  it('leaves a base of another repository alone', async () => {
    const folder = temporaryFolder({
      'theirs/base/kustomization.yaml': kustomization('web.yaml'),
      'theirs/base/web.yaml': workload('web'),
      'ours/kustomization.yaml': kustomization('../theirs/base'),
    });
    mkdirSync(join(folder, 'ours/.git'));
    const made = await fix(folder, { inputs: ['ours'], only: escalation });
    expect(made.edited).toEqual(['ours/kustomization.yaml', 'ours/patch-web.yaml']);
  });

  it('edits the base that the user names, where its overlays get just that or stay as they are', async () => {
    const folder = temporaryFolder({
      ...tree,
      'overlays/prod/kustomization.yaml': `${tree['overlays/prod/kustomization.yaml']}patches: [{path: web.yaml}]\n`,
      'overlays/prod/web.yaml': patch('web', closed),
    });
    mkdirSync(join(folder, '.git'));
    const made = await fix(folder, { inputs: ['base'], only: escalation }, both);
    expect(made.edited).toEqual(['base/api.yaml', 'base/web.yaml']);
    expect(made.renderings).toEqual([
      ['base', 2],
      ['overlays/dev', 2],
      ['overlays/prod', 1],
    ]);
  });

  it('is no patch that is aimed at others as well', async () => {
    const folder = temporaryFolder({
      'kustomization.yaml': kustomization(
        'web.yaml, api.yaml',
        'patches:\n- path: all.yaml\n  target: {kind: Deployment}\n',
      ),
      'web.yaml': workload('web', `          ${closed}\n`),
      'api.yaml': workload('api'),
      'all.yaml': 'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\nspec: {revisionHistoryLimit: 3}\n',
    });
    const made = await fix(folder, { inputs: ['.'], only: escalation }, ['.']);
    expect(made.edited).toEqual(['api.yaml']);
    expect(made.added).toEqual([['securityContext:', line]]);
  });
});

describe.skipIf(!toolsRunHere)('images and replicas of an overlay', () => {
  const overlaid = {
    ...tree,
    'overlays/prod/kustomization.yaml': kustomization(
      '../../base',
      'images:\n  - name: web # pinned by release\n    newTag: "2"\n',
    ),
  };

  it('go into its own fields, and the tag stays whoever sets it', async () => {
    const folder = temporaryFolder(overlaid);
    const made = await fix(folder, { inputs: ['overlays/prod'], only: ['image-unqualified'] }, both);
    expect(made.texts.get('overlays/prod/kustomization.yaml')).toBe(
      `${overlaid['overlays/prod/kustomization.yaml']}    newName: docker.io/library/web\n`,
    );
    expect(made.texts.get('base/api.yaml')).toContain('image: docker.io/library/api:1\n');
    expect(made.added[1]).toEqual(['- image: docker.io/library/api:1', '- image: docker.io/library/web:2']);
    expect(made.again).toBe(0);
  });

  it('are patched where the image is that of another one, too, which is not meant', async () => {
    const folder = temporaryFolder({
      'base/kustomization.yaml': kustomization('web.yaml, api.yaml'),
      'base/web.yaml': workload('web'),
      'base/api.yaml': workload('api').replace('image: api:1', 'image: web:1'),
      'top/kustomization.yaml': kustomization('../base'),
      'broken/kustomization.yaml': kustomization('../base, gone.yaml'),
    });
    mkdirSync(join(folder, '.git'));
    const about = [{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }];
    const made = await fix(folder, { inputs: ['top'], only: ['image-unqualified'], about }, ['top']);
    expect(made.edited).toEqual(['top/kustomization.yaml', 'top/patch-web.yaml']);
    expect(made.added).toEqual([['- image: docker.io/library/web:1']]);
  });

  it('take a number of replicas by the name that the base says', async () => {
    const folder = temporaryFolder({
      ...tree,
      'base/web.yaml': workload('web').replace('spec:\n', 'spec:\n  replicas: 1\n'),
      'overlays/prod/kustomization.yaml': `${tree['overlays/prod/kustomization.yaml']}replicas: [{name: web, count: 1}]\n`,
    });
    const choices = [{ check: 'single-replica', subject: 'Deployment/*/web-v2', take: 'second-copy' }];
    const made = await fix(folder, { inputs: ['overlays/prod'], only: ['single-replica'], choices }, both);
    expect(made.texts.get('overlays/prod/kustomization.yaml')).toContain('replicas: [{name: web, count: 2}]\n');
    expect(made.added[0]).toEqual([]);
    expect(made.added[1]).toContain('replicas: 2');
    // A budget comes along: what others do not have stays out of the base.
    expect(made.edited.every((file) => file.startsWith('overlays/prod/'))).toBe(true);
  });
});

describe.skipIf(!toolsRunHere)('an object that goes', () => {
  const secret = (name: string) =>
    `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\nstringData:\n  password: hunter2\n`;
  const choices = [{ check: 'secret-in-manifest', take: 'keep-outside' }];
  const asked = { inputs: ['overlays/prod'], only: ['secret-in-manifest'], choices };

  it('is taken out of the base, and of every overlay of it', async () => {
    const folder = temporaryFolder({
      ...tree,
      'base/kustomization.yaml': kustomization('web.yaml, secrets.yaml'),
      'base/secrets.yaml': `# both are ours\n${secret('a')}---\n${workload('api')}---\n${secret('b')}`,
    });
    const made = await fix(folder, asked, both);
    expect(made.texts.get('base/secrets.yaml')).toBe(`---\n${workload('api')}`);
    expect(both.map((overlay) => render(folder, overlay).includes('kind: Secret'))).toEqual([false, false]);
    expect(made.renderings).toEqual([
      ['overlays/prod', 0],
      ['overlays/dev', 0],
    ]);
    expect(made.again).toBe(0);
  });

  it("is taken out of the kustomization's own file, of which a word is left", async () => {
    const folder = temporaryFolder({
      ...tree,
      'overlays/prod/kustomization.yaml': kustomization('../../base, secret.yaml'),
      'overlays/prod/secret.yaml': secret('a'),
    });
    const made = await fix(folder, asked, both);
    expect(made.texts.get('overlays/prod/secret.yaml')).toBe('# Secret "a" is not kept in this file.\n');
    expect(render(folder, 'overlays/prod')).not.toContain('kind: Secret');
  });

  it('is not hidden by a patch where its values would stay in the files', async () => {
    const folder = temporaryFolder({
      ...tree,
      'base/kustomization.yaml': kustomization('web.yaml, secret.yaml'),
      'base/secret.yaml': secret('a'),
      'overlays/dev/kustomization.yaml': kustomization('../../base, gone.yaml'),
    });
    const made = await fix(folder, asked, ['overlays/prod']);
    expect(made).toMatchObject({ edited: [], refused: ['its values would stay in the files'] });
  });

  it('goes by a patch where the base is that of others, who keep it', async () => {
    const volume =
      'apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: data}\nspec:\n  storageClassName: standard\n  capacity: {storage: 1Gi}\n  accessModes: [ReadWriteOnce]\n  hostPath: {path: /data}\n';
    const folder = temporaryFolder({
      ...tree,
      'base/kustomization.yaml': kustomization('web.yaml, volume.yaml'),
      'base/volume.yaml': volume,
      'overlays/dev/kustomization.yaml': kustomization('../../base, gone.yaml'),
    });
    const only = ['host-path-persistent-volume'];
    const [take = ''] = (await plan(folder, { inputs: ['overlays/prod'], only })).answer.decisions.flatMap((each) =>
      each.choices.map(({ id }) => id),
    );
    const made = await fix(folder, { inputs: ['overlays/prod'], only, choices: [{ check: only[0] ?? '', take }] });
    expect(made.edited).toEqual(['overlays/prod/kustomization.yaml', 'overlays/prod/patch-data.yaml']);
    expect(made.texts.get('overlays/prod/patch-data.yaml')).toContain('$patch: delete\n');
    expect(render(folder, 'overlays/prod')).not.toContain('PersistentVolume');
    expect(made.again).toBe(0);
  });
});
