// Recognises files that are YAML or JSON and not Kubernetes, so that the user sees why they were not judged.

import { baseName } from '../files/file-names.ts';

const byName: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\/)\.github\/workflows\/[^/]+\.ya?ml$/, 'GitHub Actions workflow'],
  [/(?:^|\/)\.gitlab-ci[^/]*\.ya?ml$/, 'GitLab CI pipeline'],
  [/(?:^|\/)azure-pipelines[^/]*\.ya?ml$/, 'Azure pipeline'],
  [/(?:^|\/)bitbucket-pipelines\.ya?ml$/, 'Bitbucket pipeline'],
  [
    /(?:^|\/)(?:\.circleci\/config|\.travis|\.?appveyor|\.?cloudbuild|buildspec|\.drone|\.woodpecker)\.ya?ml$/,
    'CI pipeline',
  ],
  [/(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/, 'Compose file'],
  [
    /(?:^|\/)(?:package|package-lock|composer|tsconfig[^/]*|jsconfig|deno|angular|renovate|\.eslintrc|\.prettierrc)\.json$/,
    'configuration of a development tool',
  ],
  [
    /(?:^|\/)(?:pnpm-lock|pnpm-workspace|mkdocs|codecov|\.?codecov|dependabot|_config|\.pre-commit-config|\.golangci|\.prettierrc|\.eslintrc|\.yamllint|ct|lerna)\.ya?ml$/,
    'configuration of a development tool',
  ],
  [/\.schema\.json$/, 'JSON Schema'],
  [/(?:^|\/)(?:openapi|swagger)\.(?:ya?ml|json)$/, 'OpenAPI description'],
  [/(?:^|\/)skaffold[^/]*\.ya?ml$/, 'Skaffold configuration'],
  [/(?:^|\/)helmfile[^/]*\.ya?ml$/, 'helmfile; render it and give its output'],
  [/(?:^|\/)\.?nowwhat\.ya?ml$/, 'configuration of nowwhat'],
];

/** What a file is, judging by its path alone; `undefined` where its content must be looked at. */
export function recogniseByName(file: string): string | undefined {
  return byName.find(([pattern]) => pattern.test(file))?.[1];
}

/** `values.yaml`, `values-prod.yaml`, `prod.values.yaml`: how people name values files of charts. */
export function isValuesName(file: string): boolean {
  return /(?:^|[.-])values(?:[._-][^/]*)?\.ya?ml$/i.test(baseName(file));
}

const groups: Readonly<Record<string, string>> = {
  skaffold: 'Skaffold configuration',
  'kind.x-k8s.io': 'configuration of a kind cluster',
  'k3d.io': 'configuration of a k3d cluster',
  'ctlptl.dev': 'configuration of ctlptl',
  'eksctl.io': 'configuration of an eksctl cluster',
  'kops.k8s.io': 'configuration of a kops cluster',
  'minikube.sigs.k8s.io': 'configuration of Minikube',
  'kustomize.config.k8s.io': 'kustomization',
  'backstage.io': 'Backstage catalog entry',
  'score.dev': 'Score workload; render it and give its output',
  'kpt.dev': 'kpt package file',
  'config.kubernetes.io': 'kpt package file',
  'nowwhat.dev': 'configuration of nowwhat',
  'client.authentication.k8s.io': 'configuration of kubectl',
};

/** What a document with `apiVersion` and `kind` is, where it is none of the API server's objects. */
export function recogniseByApi(group: string, version: string, kind: string): string | undefined {
  if (group === '' && version === 'v1' && kind === 'Config') return 'kubeconfig';
  return Object.hasOwn(groups, group) ? groups[group] : undefined;
}

const byKeys: readonly (readonly [readonly string[], string])[] = [
  [['openapi', 'paths'], 'OpenAPI description'],
  [['swagger', 'paths'], 'OpenAPI description'],
  [['$schema', 'type', 'properties'], 'JSON Schema'],
  [['on', 'jobs'], 'GitHub Actions workflow'],
  [['true', 'jobs'], 'GitHub Actions workflow'],
  [['services', 'volumes'], 'Compose file'],
  [['services', 'networks'], 'Compose file'],
  [['services', 'version'], 'Compose file'],
  [['name', 'version', 'scripts'], 'configuration of a development tool'],
  [['compilerOptions'], 'configuration of a development tool'],
  [['groups'], 'rules of Prometheus'],
  [['scrape_configs'], 'configuration of Prometheus'],
  [['route', 'receivers'], 'configuration of Alertmanager'],
  [['dashboard'], 'Grafana dashboard'],
  [['panels'], 'Grafana dashboard'],
  [['asyncapi'], 'AsyncAPI description'],
];

/** What a document without `apiVersion` and `kind` is, judging by its top-level keys. */
export function recogniseByKeys(keys: readonly string[]): string | undefined {
  return byKeys.find(([wanted]) => wanted.every((key) => keys.includes(key)))?.[1];
}

/** Marks that only a Helm template has; a bare `{{` is common in alerts and workflows too. */
const helmMark = /\{\{-?\s*(?:\.Values\b|\.Release\.|\.Chart\.|\.Capabilities\.|include\s+")/;
const templateMark = /\{\{-?\s*(?:[.$"(]|include\b|template\b|define\b|if\b|range\b|with\b|end\b|toYaml\b|block\b)/;

export function hasHelmMarks(text: string): boolean {
  return text.includes('{{') && helmMark.test(text);
}

/** For a text that does not parse: whether it looks like a template of any tool. */
export function looksLikeTemplate(text: string): boolean {
  return hasHelmMarks(text) || templateMark.test(text) || /\{%-?\s*\w+/.test(text);
}

/** Whether a text claims to hold a Kubernetes object somewhere, so that failing to read it matters. */
export function claimsKubernetes(text: string): boolean {
  return /(?:^|[{,])[\s-]*["']?(?:apiVersion|kind)["']?\s*:/m.test(text);
}

/** Keys that reports of other tools have and manifests have not: worth a look whether the text is evidence. */
const reportMark =
  /"(?:ArtifactName|ClusterName|bomFormat|spdxVersion|docker-manifest-digest|payloadType|node_type|descriptor|runs)"\s*:/;

/** Whether a text is JSON and may be a report of another tool; cheap, so that manifests are not parsed twice. */
export function mayBeEvidence(text: string): boolean {
  return /^\s*[[{]/.test(text) && reportMark.test(text);
}
