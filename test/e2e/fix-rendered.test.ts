// Fixes of a chart and of a kustomization, with the real helm and kubectl: in the user's files, and proven by rendering them again.

import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
    // What an action prints is left alone, and told.
    expect(read('chart/templates/web.yaml')).toContain('image: {{ include "shop.image"');
    expect(answer.refused.map(({ check }) => check)).toContain('image-unqualified');
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

  it('are not made where they would change what was not asked for', () => {
    // One of the four that come from one text: the others would change with it.
    const answer = fix([
      'memory-limit-missing',
      '--choose',
      'memory-limit-missing@shop-cart=name-limit:192Mi',
      'chart',
      '--write',
    ]);
    expect(answer).toMatchObject({ files: [], written: false });
    expect(answer.refused.map(({ reason }) => reason)).toHaveLength(1);
    expect(read('chart/values.yaml')).not.toContain('192Mi');
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
  it('are patches beside the overlay, and edits of its own; the base is left alone', () => {
    const base = read('kustomize/base/web.yaml');
    const answer = fix(['privilege-escalation', 'capabilities-net-raw', 'kustomize', '--write']);
    expect(answer).toMatchObject({ written: true, renderings: [{ kind: 'kustomize', created: 0 }] });
    expect(answer.renderings[0]?.changed).toBeGreaterThan(2);
    expect(read('kustomize/overlays/prod/resources.yaml')).toContain('allowPrivilegeEscalation: false');
    expect(read('kustomize/overlays/prod/patch-web.yaml')).toMatch(
      /^apiVersion: apps\/v1\nkind: Deployment\nmetadata:\n {2}name: web\n/,
    );
    expect(read('kustomize/overlays/prod/kustomization.yaml')).toContain('  - path: patch-web.yaml\n');
    expect(read('kustomize/base/web.yaml')).toBe(base);
    const more = fix(['seccomp-unset', 'kustomize', '--write']);
    expect(more.files.filter(({ isNew }) => isNew)).toEqual([]);
    expect(read('kustomize/overlays/prod/patch-web.yaml')).toContain('type: RuntimeDefault');
    expect(fix(['seccomp-unset', 'privilege-escalation', 'kustomize']).files).toEqual([]);
  });

  it('are edits of the base where the user names it', () => {
    const answer = fix(['privilege-escalation', 'kustomize/base', '--write']);
    expect(answer.files.filter(({ file }) => !file.startsWith('kustomize/base/'))).toEqual([]);
    expect(answer.written).toBe(true);
    expect(read('kustomize/base/web.yaml')).toContain('allowPrivilegeEscalation: false');
  });

  it('are edits of the base where it has no other overlay, and the user named both', () => {
    rmSync(join(folder, 'kustomize/overlays/dev'), { recursive: true });
    const answer = fix(['privilege-escalation', 'kustomize', '--write']);
    expect(answer.files.filter(({ isNew }) => isNew)).toEqual([]);
    expect(read('kustomize/base/web.yaml')).toContain('allowPrivilegeEscalation: false');
    expect(fix(['privilege-escalation', 'kustomize/overlays/prod']).files).toEqual([]);
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
