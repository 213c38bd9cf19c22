import { describe, expect, it } from 'vitest';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { tellRemoteCharts } from './remote-charts.ts';

function commandsFor(text: string): string[] {
  return tellRemoteCharts(snapshotOf(text).objects).map(
    ({ what }) => /to read it: (.*), and give/.exec(what)?.[1] ?? '',
  );
}

const release = (spec: string) =>
  `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: redis, namespace: shop}\nspec: ${spec}\n`;
const source = (kind: string, spec: string) =>
  `---\napiVersion: source.toolkit.fluxcd.io/v1\nkind: ${kind}\nmetadata: {name: it, namespace: flux-system}\nspec: ${spec}\n`;
const fromRepository = release(
  '{chart: {spec: {chart: redis, version: ">=20 <21", sourceRef: {kind: HelmRepository, name: it, namespace: flux-system}}}}',
);
const application = (source: string) =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: redis}\nspec: ${source}\n`;

describe('a chart that is fetched from a registry', () => {
  it.each([
    [
      fromRepository + source('HelmRepository', '{url: "https://charts.example.com"}'),
      "helm pull redis --repo https://charts.example.com --version '>=20 <21'",
    ],
    [
      fromRepository + source('HelmRepository', '{type: oci, url: "oci://ghcr.io/team/"}'),
      "helm pull oci://ghcr.io/team/redis --version '>=20 <21'",
    ],
    [fromRepository, 'fetch it with helm pull'],
    [
      release('{chartRef: {kind: OCIRepository, name: it, namespace: flux-system}}') +
        source('OCIRepository', '{url: "oci://ghcr.io/team/redis", ref: {tag: 20.1.0}}'),
      'helm pull oci://ghcr.io/team/redis --version 20.1.0',
    ],
    [release('{chartRef: {kind: OCIRepository, name: it}}'), 'fetch it with helm pull'],
    [
      release('{chartRef: {kind: HelmChart, name: it, namespace: flux-system}}') +
        source('HelmChart', '{chart: redis, sourceRef: {kind: HelmRepository, name: gone}}'),
      'fetch it with helm pull',
    ],
    [
      application('{source: {repoURL: "https://charts.example.com", chart: redis, targetRevision: 20.1.0}}'),
      'helm pull redis --repo https://charts.example.com --version 20.1.0',
    ],
    [
      application(
        '{sources: [{repoURL: ghcr.io/team, chart: redis}, {repoURL: "https://example.com/values.git", ref: values}]}',
      ),
      'helm pull oci://ghcr.io/team/redis',
    ],
  ])('is told with the command that fetches it', (text, command) => {
    expect(commandsFor(text)).toEqual([command]);
  });

  it('is not told where the chart is in a repository of files', () => {
    expect(
      commandsFor(release('{chart: {spec: {chart: ./charts/redis, sourceRef: {kind: GitRepository, name: it}}}}')),
    ).toEqual([]);
    expect(commandsFor(application('{source: {repoURL: "https://example.com/app.git", path: charts/redis}}'))).toEqual(
      [],
    );
    expect(commandsFor('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n')).toEqual([]);
  });
});
