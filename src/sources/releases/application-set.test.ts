import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { asObject } from '../../model/index.ts';
import { makeApplications } from './application-set.ts';
import { tellUnmade } from './remote-charts.ts';

const chart = '/home/me/shop/apps/web';

function objectsIn(generators: string, template: string, more = '') {
  return snapshotOf(
    `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: all, namespace: argocd}\nspec:\n  ${more}generators: ${generators}\n  template: ${template}\n`,
  ).objects;
}

function made(generators: string, template: string, more = '') {
  const [set] = objectsIn(generators, template, more);
  if (set === undefined) throw new Error('not read');
  const { applications, unknown } = makeApplications(set, chart);
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
  it('are one for each element of a list, with and without Go templates', () => {
    const told = ['web-staging apps/web a: 1 shop', 'web-prod apps/web a: 3 shop'];
    expect(made(`[${list}]`, template('web-{{env}}', 'apps/web', 'a: {{ replicas }}'))).toEqual({ told, unknown: [] });
    expect(
      made(`[${list}]`, template('web-{{.env}}', 'apps/web', 'a: {{ .replicas }}'), 'goTemplate: true\n  ').told,
    ).toEqual(told);
  });

  it('are that of the folder of the chart, by its path and not by an excluded one', () => {
    const git = (paths: string) =>
      `[{git: {repoURL: r, directories: [${paths}], values: {at: "x-{{path.basename}}"}}}]`;
    const words = template('{{path.basename}}', '{{path}}', '{{path[0]}} {{path.basenameNormalized}} {{values.at}}');
    expect(made(git('{path: "apps/*"}'), words).told).toEqual(['web apps/web apps web x-web shop']);
    expect(made(git('{path: "other/*"}'), words).told).toEqual([]);
    expect(made(git('{path: "*/*/*"}'), words).told).toEqual(['web shop/apps/web shop web x-web shop']);
    expect(made(git('{path: "apps/*"}, {path: apps/web, exclude: true}'), words).told).toEqual([]);
    const go = '[{git: {repoURL: r, directories: [{path: "apps/**"}]}}]';
    const goWords = template('{{.path.basename}}', '{{.path.path}}', '{{index .path.segments 0}}');
    expect(made(go, goWords, 'goTemplate: true\n  ').told).toEqual(['web apps/web apps shop']);
  });

  it('are the product of two generators, of which the second may use the first', () => {
    const git = '{git: {repoURL: r, directories: [{path: "apps/*"}]}}';
    expect(
      made(`[{matrix: {generators: [${git}, ${list}]}}]`, template('{{path.basename}}-{{env}}', '{{path}}')).told,
    ).toEqual(['web-staging apps/web x shop', 'web-prod apps/web x shop']);
    const inner = '{list: {elements: [{name: "{{env}}-1"}]}}';
    expect(made(`[{matrix: {generators: [${list}, ${inner}]}}]`, template('{{name}}', 'apps/web')).told).toEqual([
      'staging-1 apps/web x shop',
      'prod-1 apps/web x shop',
    ]);
  });

  it('are merged by their keys', () => {
    const over = '{list: {elements: [{env: prod, replicas: 5}, {env: other, replicas: 9}]}}';
    expect(
      made(
        `[{merge: {mergeKeys: [env], generators: [${list}, ${over}]}}]`,
        template('{{env}}', 'apps/web', '{{replicas}}'),
      ).told,
    ).toEqual(['staging apps/web 1 shop', 'prod apps/web 5 shop']);
  });

  it('are told where clusters, other sources or functions decide', () => {
    expect(made('[{clusters: {}}]', template('{{name}}', 'apps/web'))).toEqual({ told: [], unknown: ['clusters'] });
    expect(made(`[{matrix: {generators: [{clusters: {}}, ${list}]}}]`, template('a', 'b')).unknown).toEqual([
      'clusters',
    ]);
    expect(made(`[${list}]`, template('{{ .env | upper }}', 'apps/web'), 'goTemplate: true\n  ')).toEqual({
      told: [],
      unknown: ['its template'],
    });
    expect(made(`[${list}]`, template('{{env}}', 'apps/web'), 'templatePatch: "x"\n  ')).toEqual({
      told: [],
      unknown: ['its template'],
    });
    expect(tellUnmade(objectsIn('[{scmProvider: {}}]', template('a', 'b'))).map(({ what }) => what)).toEqual([
      'ApplicationSet "all" makes Applications of what files do not tell (scmProvider): what only those deploy is read without their values',
    ]);
    expect(tellUnmade(objectsIn(`[${list}]`, template('{{env}}', 'b')))).toEqual([]);
  });
});
