import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../../test/programs/temporary-folder.ts';
import { snapshotOf } from '../../../inventory/snapshot-builder.ts';
import { asObject } from '../../../model/index.ts';
import { makeApplications } from './make-applications.ts';
import { tellUnmade } from '../remote-charts.ts';

const chart = '/home/me/shop/apps/web';

function objectsIn(generators: string, template: string, more = '') {
  return snapshotOf(
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all, namespace: argocd}\nspec:\n  ${more}generators: ${generators}\n  template: ${template}\n`,
  ).objects;
}

async function made(generators: string, template: string, more = '', { file = 'set.yaml', others = '' } = {}) {
  const [set] = objectsIn(generators, template, more);
  if (set === undefined) throw new Error('not read');
  const placed = { ...set, source: { ...set.source, file } };
  const { applications, unknown } = await makeApplications(placed, chart, {
    objects: snapshotOf(others).objects,
    maxFileBytes: 4096,
  });
  const told = applications.map(({ name, raw }) => {
    const { source, destination } = asObject(raw['spec']);
    const { path, helm } = asObject(source);
    return [name, path, asObject(helm)['values'], asObject(destination)['namespace']]
      .flatMap((each) => (typeof each === 'string' ? [each] : []))
      .join(' ');
  });
  return { told, unknown };
}

const template = (name: string, path: string, values = 'x') =>
  `{metadata: {name: "${name}"}, spec: {source: {repoURL: r, path: "${path}", helm: {values: "${values}"}}, destination: {server: "{{server}}", namespace: shop}}}`;

const list = '{list: {elements: [{env: staging, replicas: 1}, {env: prod, replicas: 3}]}}';

describe('Applications that an ApplicationSet makes', () => {
  it('are one for each element of a list, with and without Go templates', async () => {
    const told = ['web-staging apps/web a: 1 shop', 'web-prod apps/web a: 3 shop'];
    expect(await made(`[${list}]`, template('web-{{env}}', 'apps/web', 'a: {{ replicas }}'))).toEqual({
      told,
      unknown: [],
    });
    expect(
      (await made(`[${list}]`, template('web-{{.env}}', 'apps/web', 'a: {{ .replicas }}'), 'goTemplate: true\n  '))
        .told,
    ).toEqual(told);
  });

  it('are that of the folder of the chart, by its path and not by an excluded one', async () => {
    const git = (paths: string) =>
      `[{git: {repoURL: r, directories: [${paths}], values: {at: "x-{{path.basename}}"}}}]`;
    const words = template('{{path.basename}}', '{{path}}', '{{path[0]}} {{path.basenameNormalized}} {{values.at}}');
    expect((await made(git('{path: "apps/*"}'), words)).told).toEqual(['web apps/web apps web x-web shop']);
    expect((await made(git('{path: "other/*"}'), words)).told).toEqual([]);
    expect((await made(git('{path: "*/*/*"}'), words)).told).toEqual(['web shop/apps/web shop web x-web shop']);
    expect((await made(git('{path: "apps/*"}, {path: apps/web, exclude: true}'), words)).told).toEqual([]);
    const go = '[{git: {repoURL: r, directories: [{path: "apps/**"}]}}]';
    const goWords = template('{{.path.basename}}', '{{.path.path}}', '{{index .path.segments 0}}');
    expect((await made(go, goWords, 'goTemplate: true\n  ')).told).toEqual(['web apps/web apps shop']);
  });

  it('are the product of two generators, of which the second may use the first', async () => {
    const git = '{git: {repoURL: r, directories: [{path: "apps/*"}]}}';
    expect(
      (await made(`[{matrix: {generators: [${git}, ${list}]}}]`, template('{{path.basename}}-{{env}}', '{{path}}')))
        .told,
    ).toEqual(['web-staging apps/web x shop', 'web-prod apps/web x shop']);
    const inner = '{list: {elements: [{name: "{{env}}-1"}]}}';
    expect(
      (await made(`[{matrix: {generators: [${list}, ${inner}]}}]`, template('{{name}}', 'apps/web'))).told,
    ).toEqual(['staging-1 apps/web x shop', 'prod-1 apps/web x shop']);
  });

  it('are merged by their keys', async () => {
    const over = '{list: {elements: [{env: prod, replicas: 5}, {env: other, replicas: 9}]}}';
    expect(
      (
        await made(
          `[{merge: {mergeKeys: [env], generators: [${list}, ${over}]}}]`,
          template('{{env}}', 'apps/web', '{{replicas}}'),
        )
      ).told,
    ).toEqual(['staging apps/web 1 shop', 'prod apps/web 5 shop']);
  });

  it('are told where clusters, other sources or functions decide', async () => {
    expect(await made('[{clusters: {}}]', template('{{name}}', 'apps/web'))).toEqual({
      told: [],
      unknown: ['clusters: no Secret of one that is chosen is here'],
    });
    expect((await made(`[{matrix: {generators: [{clusters: {}}, ${list}]}}]`, template('a', 'b'))).unknown).toEqual([
      'clusters: no Secret of one that is chosen is here',
    ]);
    expect(await made(`[${list}]`, template('{{ .env | genSignedCert }}', 'apps/web'), 'goTemplate: true\n  ')).toEqual(
      {
        told: [],
        unknown: ['the function "genSignedCert" in its template', 'the function "server" in its template'],
      },
    );
    expect(await made(`[${list}]`, template('{{env}}', 'apps/web'), 'templatePatch: "{{x}}"\n  ')).toEqual({
      told: [],
      unknown: ['its template'],
    });
    expect(
      (await tellUnmade(objectsIn('[{scmProvider: {}}]', template('a', 'b')), 4096)).map(({ what }) => what),
    ).toEqual([
      'ApplicationSet "all" makes Applications of what files do not tell (scmProvider): what only those deploy is read without their values',
    ]);
    expect(await tellUnmade(objectsIn(`[${list}]`, template('{{env}}', 'b')), 4096)).toEqual([]);
  });

  it('are one for each of the chosen clusters whose Secrets are there, and for its own where all are chosen', async () => {
    const secret = (name: string, data: string) =>
      `---\napiVersion: v1\nkind: Secret\nmetadata: {name: c-${name}, labels: {argocd.argoproj.io/secret-type: cluster, env: ${name}}}\n${data}\n`;
    const encoded = Buffer.from('Live_1').toString('base64');
    const others = `${secret('staging', 'stringData: {name: test, server: "https://test", config: "{password: hidden}"}')}${secret('prod', `data: {name: ${encoded}}`)}`;
    const words = template('{{nameNormalized}}', 'apps/web', '{{metadata.labels.env}}');
    const chosen = '[{clusters: {selector: {matchLabels: {env: prod}}, values: {size: "big-{{name}}"}}}]';
    expect((await made(chosen, words, '', { others })).told).toEqual(['live-1 apps/web prod shop']);
    const all = await made('[{clusters: {}}]', template('{{name}}', 'apps/web'), '', { others });
    expect(all.told).toEqual(['in-cluster apps/web x shop', 'test apps/web x shop', 'Live_1 apps/web x shop']);
    const go = template('{{.name | lower}}', 'apps/web', '{{.metadata.labels.env}} {{.values.size}}');
    expect((await made(chosen.replace('{{name}}', '{{.name}}'), go, 'goTemplate: true\n  ', { others })).told).toEqual([
      'live_1 apps/web prod big-Live_1 shop',
    ]);
    expect((await made(chosen.replace('prod', 'none'), words, '', { others })).unknown).toEqual([
      'clusters: no Secret of one that is chosen is here',
    ]);
  });

  it('are one for each item of the files that the git generator names, JSON or YAML', async () => {
    const folder = temporaryFolder({
      'sets/set.yaml': '',
      'config/prod/app.json': '{"env": "prod", "app": {"replicas": 3}}',
      'config/staging/app.yaml': '- env: staging\n  app: {replicas: 1}\n- env: test\n  app: {replicas: 2}\n',
      'config/old/app.yaml': 'env: old\n',
      'broken/app.yaml': 'a: [',
    });
    const file = join(folder, 'sets/set.yaml');
    const git = (path: string) =>
      `[{git: {repoURL: r, files: [{path: "${path}"}, {path: "config/old/*", exclude: true}]}}]`;
    const words = template('{{path.basename}}-{{env}}', 'apps/web', '{{app.replicas}} {{path.filename}} {{path[0]}}');
    expect(await made(git('config/*/app.*'), words, '', { file })).toEqual({
      told: [
        'prod-prod apps/web 3 app.json config shop',
        'staging-staging apps/web 1 app.yaml config shop',
        'staging-test apps/web 2 app.yaml config shop',
      ],
      unknown: [],
    });
    const go = template('{{.path.basename}}-{{.env}}', 'apps/web', '{{.app.replicas}} {{.path.filenameNormalized}}');
    expect((await made(git('**/prod/*.json'), go, 'goTemplate: true\n  ', { file })).told).toEqual([
      'prod-prod apps/web 3 app.json shop',
    ]);
    for (const path of ['nowhere/*.json', 'broken/*.yaml'])
      expect(await made(git(path), words, '', { file })).toEqual({
        told: [],
        unknown: [`git files ${path}, config/old/*: none that can be read is here`],
      });
    const named = `[{matrix: {generators: [{list: {elements: [{which: prod}]}}, {git: {repoURL: r, files: [{path: "config/{{which}}/*.json"}]}}]}}]`;
    expect((await made(named, template('{{which}}-{{env}}', 'apps/web'), '', { file })).told).toEqual([
      'prod-prod apps/web x shop',
    ]);
  });

  it('are those that the selector of a generator leaves, with what the patch of the template says', async () => {
    const chosen = `[{list: {elements: [{env: staging, at: {zone: a}}, {env: prod, at: {zone: b}}]}, selector: {matchLabels: {at.zone: b}}}]`;
    const go = 'goTemplate: true\n  ';
    expect((await made(chosen, template('{{.env}}', 'apps/web'), go)).told).toEqual(['prod apps/web x shop']);
    const patch = `templatePatch: |\n    spec:\n      source:\n        helm:\n          values: 'zone: {{ .at.zone }}{{ if eq .env "prod" }}1{{ end }}'\n  `;
    expect((await made(chosen, template('{{.env}}', 'apps/web'), go + patch)).told).toEqual([
      'prod apps/web zone: b1 shop',
    ]);
    const yaml = `[{list: {elementsYaml: "[{env: a}, {env: b}]"}}]`;
    expect((await made(yaml, template('{{.env | upper}}', 'apps/web'), go)).told).toEqual([
      'A apps/web x shop',
      'B apps/web x shop',
    ]);
    const own = `[{list: {elements: [{env: prod}], template: {metadata: {name: other}}}}]`;
    expect((await made(own, template('{{.env}}', 'apps/web'), go)).unknown).toEqual([
      'list with a template of its own',
    ]);
  });

  it('are told where a key is not there, also behind a default where that is an error', async () => {
    const [words, go] = [template('{{ default `x` .name }}', 'apps/web'), 'goTemplate: true\n  '];
    expect((await made(`[${list}]`, words, go)).told).toEqual(['x apps/web x shop', 'x apps/web x shop']);
    const strict = await made(`[${list}]`, words, `${go}goTemplateOptions: ["missingkey=error"]\n  `);
    expect(strict.told).toEqual([]);
    expect(strict.unknown).toContain('".name" in its template');
  });
});
