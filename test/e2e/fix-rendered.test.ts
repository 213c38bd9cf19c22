// Fixes of a chart and of a kustomization, with the real helm and kubectl: in the user's files, and proven by rendering them again.

import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { toolPaths, toolsRunHere } from '../programs/tool-paths.ts';
import { nowwhat, root } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-rendered-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  for (const name of ['chart', 'kustomize'])
    cpSync(join(root, 'examples/shop', name), join(folder, name), { recursive: true });
});

interface Answer {
  readonly files: readonly { readonly file: string; readonly isNew: boolean }[];
  readonly fixed: readonly { readonly check: string }[];
  readonly refused: readonly { readonly check: string; readonly reason: string }[];
  readonly renderings: readonly {
    readonly kind: string;
    readonly changed: number;
    readonly created: number;
    readonly unchanged: number;
    readonly postRender?: object;
  }[];
  readonly proof: { readonly before: number; readonly after: number; readonly opened: readonly object[] };
  readonly written: boolean;
}

const tools = toolsRunHere ? toolPaths() : { helm3: '', helm4: '', kubectl: '' };

function fix(args: readonly string[], helm = tools.helm4): Answer {
  const env = { NOWWHAT_HELM: helm, NOWWHAT_KUBECTL: tools.kubectl };
  const run = nowwhat(['fix', ...args, '-o', 'json'], { cwd: folder, env });
  expect(run.err).toBe('');
  return JSON.parse(run.out) as Answer;
}

interface Found {
  readonly check: string;
  readonly subject: string;
}

/** What still fails, by check and name of the object. */
function check(checks: readonly string[], path: string): Found[] {
  const env = { NOWWHAT_HELM: tools.helm4, NOWWHAT_KUBECTL: tools.kubectl };
  const run = nowwhat(['check', path, ...checks.flatMap((each) => ['--check', each]), '-o', 'json'], {
    cwd: folder,
    env,
  });
  const { findings } = JSON.parse(run.out) as { findings: { check: string; subject: { name: string } }[] };
  return findings.map((each) => ({ check: each.check, subject: each.subject.name }));
}

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const write = (file: string, text: string) => writeFileSync(join(folder, file), text);

describe.skipIf(!toolsRunHere)('fixes of a chart', () => {
  it.each(['helm3', 'helm4'] as const)('go into its templates where they are plain text (%s)', (name) => {
    const answer = fix(['privilege-escalation', 'image-unqualified', 'chart', '--write'], tools[name]);
    expect(answer).toMatchObject({ written: true, proof: { opened: [] } });
    expect(answer.renderings).toMatchObject([{ kind: 'helm', created: 0 }]);
    expect(answer.renderings[0]?.changed).toBeGreaterThan(5);
    // Four Deployments come from this one text, and all of them wanted the same.
    expect(read('chart/templates/api.yaml').match(/allowPrivilegeEscalation: false/g)).toHaveLength(1);
    expect(read('chart/templates/database.yaml')).toContain('image: docker.io/library/postgres:15.6');
    // What an action prints is left alone: it goes behind the chart, but for hooks, which Helm 3 shows to nobody.
    expect(read('chart/templates/web.yaml')).toContain('image: {{ include "shop.image"');
    expect(read('chart-post-render/kustomization.yaml')).toContain(
      '  - name: shop/web\n    newName: docker.io/shop/web\n',
    );
    const hidden = 'it is a hook, and Helm 3 shows hooks to no post-renderer (Helm 4 does)';
    expect(answer.refused.map(({ reason }) => reason)).toEqual(name === 'helm3' ? [hidden] : []);
    const again = fix(['privilege-escalation', 'image-unqualified', 'chart'], tools[name]);
    expect(again.files).toEqual([]);
  });

  it('go into the values where the chart has one for the field', () => {
    const before = read('chart/templates/api.yaml');
    const answer = fix([
      'memory-limit-missing',
      '--choose',
      'memory-limit-missing=name-limit:192Mi',
      'chart',
      '--write',
    ]);
    expect(answer.written).toBe(true);
    expect(read('chart/values.yaml')).toMatch(
      /api:\n {2}replicas: 1\n {2}resources:\n {4}limits:\n {6}memory: 192Mi\n/,
    );
    expect(read('chart/templates/api.yaml')).toBe(before);
    expect(read('chart/templates/web.yaml')).toContain('memory: 192Mi');
  });

  it('go into the values file that the user gave, where it says more', () => {
    write('prod.yaml', 'api:\n  resources:\n    requests: {memory: 64Mi}\n');
    fix([
      'memory-limit-missing',
      '--choose',
      'memory-limit-missing@*/api=name-limit:192Mi',
      '-f',
      'prod.yaml',
      'chart',
      '--write',
    ]);
    expect(read('chart/values.yaml')).not.toContain('192Mi');
  });

  it('are the same where the chart is the working folder', () => {
    const env = { NOWWHAT_HELM: tools.helm4, NOWWHAT_KUBECTL: tools.kubectl };
    const run = nowwhat(['fix', '.', '-o', 'json'], { cwd: join(folder, 'chart'), env });
    const answer = JSON.parse(run.out) as Answer;
    expect(answer.renderings).toMatchObject([{ unit: '.' }]);
    const files = answer.files.map(({ file }) => file);
    expect(new Set(files).size).toBe(files.length);
  });

  // One of the four that come from one text: the others would change with it.
  const oneOfFour = ['memory-limit-missing', '--choose', 'memory-limit-missing@shop-cart=name-limit:192Mi', 'chart'];

  it('are not made where they would change what was not asked for, and no overlay is wanted', () => {
    const answer = fix([...oneOfFour, '--no-post-render', '--write']);
    expect(answer).toMatchObject({ files: [], written: false });
    expect(answer.refused.map(({ reason }) => reason)).toHaveLength(1);
    expect(read('chart/values.yaml')).not.toContain('192Mi');
  });

  it('go behind the chart where neither its values nor its templates will do', () => {
    const answer = fix([...oneOfFour, '--write']);
    expect(answer.files.map(({ file, isNew }) => [file, isNew])).toEqual([
      ['chart-post-render/kustomization.yaml', true],
      ['chart-post-render/patch-cart.yaml', true],
      ['chart-post-render/plugin.yaml', true],
      ['chart-post-render/post-render.sh', true],
      ['nowwhat.yaml', true],
    ]);
    expect(answer.renderings).toMatchObject([
      { changed: 1, created: 0, postRender: { overlay: 'chart-post-render', plugin: 'shop-post-render' } },
    ]);
    expect(read('chart-post-render/kustomization.yaml')).toContain('      name: .*-cart\n');
    expect(fix(oneOfFour).files).toEqual([]);
    // What is judged is what is deployed, and each finding leads to the patch.
    const finding = check(['memory-limit-missing', 'cpu-limit-missing'], 'chart').filter(
      ({ subject }) => subject === 'shop-cart',
    );
    expect(finding.map((each) => each.check)).toEqual(['cpu-limit-missing']);
  });

  it('go into the overlay that is there', () => {
    fix([...oneOfFour, '--write']);
    const more = ['memory-limit-missing', '--choose', 'memory-limit-missing@shop-orders=name-limit:1Gi', 'chart'];
    const answer = fix([...more, '--write'], tools.helm3);
    expect(answer.files.map(({ file, isNew }) => [file, isNew])).toEqual([
      ['chart-post-render/kustomization.yaml', false],
      ['chart-post-render/patch-orders.yaml', true],
    ]);
    const again = ['memory-limit-missing', '--choose', 'memory-limit-missing@shop-cart=name-limit:192Mi'];
    expect(fix([...again, ...more.slice(1), '--write']).files).toEqual([]);
  });

  it.each(['helm3', 'helm4'] as const)(
    'behind the chart hold under whatever release, when Helm itself runs them (%s)',
    (name) => {
      fix([...oneOfFour, '--write']);
      const kubectl = join(folder, 'bin');
      mkdirSync(kubectl);
      symlinkSync(tools.kubectl, join(kubectl, 'kubectl'));
      const env = { PATH: `${kubectl}:/usr/bin:/bin`, HOME: folder, HELM_DATA_HOME: join(folder, 'data') };
      const run = (...args: string[]) => execFileSync(tools[name], args, { cwd: folder, env, encoding: 'utf8' });
      if (name === 'helm4') run('plugin', 'install', './chart-post-render');
      const renderer = name === 'helm4' ? 'shop-post-render' : './chart-post-render/post-render.sh';
      const limits = (text: string) =>
        [...text.matchAll(/^ *name: (\S+)$|^ *memory: 192Mi$/gm)].map(([line, at]) => at ?? line.trim());
      for (const release of ['shop', 'prod', 'my-shop']) {
        const [plain, patched] = [
          run('template', release, 'chart'),
          run('template', release, 'chart', '--post-renderer', renderer),
        ].map((text) => limits(text).filter((each) => each.includes('192Mi')));
        expect([release, plain?.length, patched?.length]).toEqual([release, 0, 1]);
      }
    },
  );

  it('leave a chart alone that is fetched: as an archive, or as a folder that a repository fills', () => {
    const before = read('chart/charts/mailcatcher/templates/mailcatcher.yaml');
    write(
      'chart/Chart.yaml',
      `${read('chart/Chart.yaml')}dependencies:\n  - name: mailcatcher\n    version: 1.x.x\n    repository: https://charts.example.com\n`,
    );
    const unpacked = fix(['image-unqualified', 'chart', '--write']);
    expect(unpacked.written).toBe(true);
    expect(read('chart/charts/mailcatcher/templates/mailcatcher.yaml')).toBe(before);
    expect(read('chart-post-render/kustomization.yaml')).toContain('newName: docker.io/axllent/mailpit\n');
    expect(nowwhat(['undo', '--yes'], { cwd: folder }).err).toBe('');
    expect(readdirSync(folder).toSorted()).toEqual(['.nowwhat', 'chart', 'kustomize']);
    execFileSync(tools.helm4, ['package', 'chart/charts/mailcatcher', '-d', 'chart/charts'], {
      cwd: folder,
      stdio: 'ignore',
    });
    rmSync(join(folder, 'chart/charts/mailcatcher'), { recursive: true });
    const packed = fix(['image-unqualified', 'chart', '--write']);
    expect(packed.files.filter(({ file }) => file.includes('.tgz'))).toEqual([]);
    expect(read('chart-post-render/kustomization.yaml')).toContain('newName: docker.io/axllent/mailpit\n');
  });

  it('go behind a chart that is an archive, whatever they are', () => {
    execFileSync(tools.helm4, ['package', 'chart', '-d', '.'], { cwd: folder, stdio: 'ignore' });
    const [archive = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    const answer = fix(['privilege-escalation', 'capabilities-not-dropped', archive, '--write']);
    expect(answer).toMatchObject({ written: true, proof: { opened: [] } });
    expect(answer.files.map(({ file }) => file)).toContain('shop-post-render/patch-web.yaml');
    // Hooks too: Helm 4 shows them to its post-renderer.
    expect(check(['privilege-escalation'], archive)).toEqual([]);
    expect(fix(['privilege-escalation', 'capabilities-not-dropped', archive]).files).toEqual([]);
  });

  it('are new templates for new objects, in the name of whatever release', () => {
    const answer = fix(['network', 'chart', '--write']);
    expect(answer.written).toBe(true);
    expect(answer.renderings).toMatchObject([{ changed: 0, created: answer.fixed.length }]);
    const text = read('chart/templates/networkpolicies.yaml');
    expect(text).toContain('name: {{ .Release.Name }}-web');
    expect(text).not.toMatch(/instance: shop$/m);
  });
});

describe.skipIf(!toolsRunHere)('fixes of a kustomization', () => {
  it('close the network whatever the kustomization puts around names, with the evidence beside the rules', () => {
    const file = 'kustomize/overlays/prod/kustomization.yaml';
    write(file, `${read(file)}namePrefix: live-\nnameSuffix: -v1\n`);
    const answer = fix(['network', 'kustomize/overlays/prod', '--write']);
    expect([answer.refused, answer.written]).toEqual([[], true]);
    const policies = read('kustomize/overlays/prod/network-policies.yaml');
    expect(policies).toContain('\n  name: default-deny\n');
    expect(policies).toContain('\n  name: web\n');
    expect(policies).toContain('    # shop/live-redis-v1: ');
    expect(fix(['network', 'kustomize/overlays/prod']).files).toEqual([]);
  });

  it('are edits of the base where every overlay has the finding, and are proven in each', () => {
    const answer = fix(['privilege-escalation', 'capabilities-net-raw', 'kustomize/overlays/prod', '--write']);
    expect(answer).toMatchObject({
      written: true,
      refused: [],
      renderings: [
        { unit: 'kustomize/overlays/prod', created: 0 },
        { unit: 'kustomize/overlays/dev', created: 0 },
      ],
    });
    expect(answer.files.filter(({ file }) => !file.startsWith('kustomize/base/'))).toEqual([]);
    expect(read('kustomize/base/web.yaml')).toContain('allowPrivilegeEscalation: false');
    expect(fix(['privilege-escalation', 'capabilities-net-raw', 'kustomize/overlays/dev']).files).toEqual([]);
  });

  it('are patches and fields of one overlay where the others are not alike, and may be taken back', () => {
    const before = readdirSync(join(folder, 'kustomize/overlays/dev'));
    const base = read('kustomize/base/web.yaml');
    write(
      'kustomize/overlays/prod/resources.yaml',
      `${read('kustomize/overlays/prod/resources.yaml')}          securityContext: { allowPrivilegeEscalation: false }\n`,
    );
    const made = fix(['privilege-escalation', 'kustomize/overlays/dev', '--write']);
    expect(made.files.map(({ file }) => file)).toContain('kustomize/overlays/dev/patch-api.yaml');
    expect(read('kustomize/base/api.yaml')).not.toContain('allowPrivilegeEscalation');
    expect(nowwhat(['undo', '--yes'], { cwd: folder }).err).toBe('');
    expect([read('kustomize/base/web.yaml'), readdirSync(join(folder, 'kustomize/overlays/dev'))]).toEqual([
      base,
      before,
    ]);
  });

  it('are edits of the base where the user names it', () => {
    const answer = fix(['privilege-escalation', 'kustomize/base', '--write']);
    expect(answer.files.filter(({ file }) => !file.startsWith('kustomize/base/'))).toEqual([]);
    expect(answer.written).toBe(true);
    expect(read('kustomize/base/web.yaml')).toContain('allowPrivilegeEscalation: false');
  });

  it('are files listed under its resources for new objects', () => {
    const answer = fix(['network', 'kustomize', '--write']);
    expect(answer.files.map(({ file, isNew }) => [file, isNew])).toEqual([
      ['kustomize/overlays/prod/kustomization.yaml', false],
      ['kustomize/overlays/prod/network-policies.yaml', true],
    ]);
    expect(read('kustomize/overlays/prod/kustomization.yaml')).toContain('  - network-policies.yaml\n');
    expect(read('kustomize/overlays/prod/network-policies.yaml')).not.toContain('namespace: shop');
    expect(fix(['network', 'kustomize']).files).toEqual([]);
  });
});
