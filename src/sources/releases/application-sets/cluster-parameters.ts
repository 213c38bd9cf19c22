// Clusters that Argo CD knows, as far as their Secrets are in the input: names, servers and labels, never what logs in. Source: argo-cd.readthedocs.io, Cluster Generator.

import { decodeBase64 } from '../../../kube/base64.ts';
import { sanitizeName } from '../../../kube/go-templates/index.ts';
import { compileSelector } from '../../../kube/selectors.ts';
import { asObject, asString, type JsonObject, type KubeObject } from '../../../model/index.ts';
import type { Parameters } from './fill.ts';

/** Argo CD's own cluster needs no Secret. */
const own = { name: 'in-cluster', nameNormalized: 'in-cluster', server: 'https://kubernetes.default.svc' };

function fieldOf({ raw }: KubeObject, key: string): string | undefined {
  const plain = asString(asObject(raw['stringData'])[key]);
  const bytes = decodeBase64(asString(asObject(raw['data'])[key]) ?? '');
  const decoded = bytes === undefined || bytes.length === 0 ? undefined : new TextDecoder().decode(bytes);
  return plain ?? decoded;
}

function isCluster({ kind, group, raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return kind === 'Secret' && group === '' && labels['argocd.argoproj.io/secret-type'] === 'cluster';
}

function parametersOf(secret: KubeObject, usesGo: boolean): Parameters {
  const server = fieldOf(secret, 'server') ?? '';
  const name = fieldOf(secret, 'name') ?? server;
  const { labels, annotations } = asObject(secret.raw['metadata']);
  const common = { name, nameNormalized: sanitizeName(name), server, project: fieldOf(secret, 'project') ?? '' };
  if (usesGo) return { ...common, metadata: { labels: asObject(labels), annotations: asObject(annotations) } };
  const flat = (word: string, pairs: JsonObject): [string, string][] =>
    Object.entries(pairs).map(([key, value]) => [`metadata.${word}.${key}`, asString(value) ?? '']);
  return {
    ...common,
    ...Object.fromEntries([...flat('labels', asObject(labels)), ...flat('annotations', asObject(annotations))]),
  };
}

/** Nothing where no Secret that is chosen is in the input: which clusters there are is then not known. */
export function clusterParameters(
  { selector }: JsonObject,
  objects: readonly KubeObject[],
  usesGo: boolean,
): Parameters[] | undefined {
  const chosen = compileSelector(selector ?? {});
  const secrets = objects
    .filter(isCluster)
    .filter(({ raw }) => chosen.matches(asObject(asObject(raw['metadata'])['labels'])));
  if (secrets.length === 0) return undefined;
  const clusters = secrets.map((secret) => parametersOf(secret, usesGo));
  const isOwnTold = !chosen.isEmpty || clusters.some(({ server }) => server === own.server);
  return isOwnTold ? clusters : [own, ...clusters];
}
