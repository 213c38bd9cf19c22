// Compiles Kubernetes' own statements about its API versions into src/kube/lifecycle/lifecycle.generated.ts.
// Usage: node scripts/compile-lifecycle.mjs --from DIR, where DIR holds Go modules of k8s.io as the module cache names
// them: api@v0.20.0 … api@v0.37.0 (one of each minor), kube-aggregator@… and apiextensions-apiserver@… (newest only).
// Get them with: go mod download k8s.io/api@v0.N.0 in an empty module; DIR is $(go env GOMODCACHE)/k8s.io.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const target = 'src/kube/lifecycle/lifecycle.generated.ts';
const folder = process.argv[process.argv.indexOf('--from') + 1];
if (!process.argv.includes('--from') || folder === undefined) {
  console.error('Usage: node scripts/compile-lifecycle.mjs --from DIR');
  process.exit(2);
}

const roots = { api: '.', 'kube-aggregator': 'pkg/apis', 'apiextensions-apiserver': 'pkg/apis' };

/** [minor, folder of API groups], oldest first; the newest patch of each module and minor. */
function findModules() {
  const found = new Map();
  for (const name of readdirSync(folder)) {
    const match = /^(.+)@v0\.(\d+)\.(\d+)$/.exec(name);
    if (match === null || roots[match[1]] === undefined) continue;
    const [, module, minor, patch] = match;
    const key = `${module} ${minor}`;
    if ((found.get(key)?.patch ?? -1) > Number(patch)) continue;
    found.set(key, { minor: Number(minor), patch: Number(patch), path: join(folder, name, roots[module]), module });
  }
  return [...found.values()].sort((a, b) => a.minor - b.minor);
}

function childFolders(path) {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

function readGroupVersions(root) {
  const packages = childFolders(root).flatMap((group) =>
    childFolders(join(root, group)).map((v) => [join(root, group, v), v]),
  );
  return packages.flatMap(([path, version]) => {
    const register = join(path, 'register.go');
    if (!/^v\d/.test(version) || !existsSync(register)) return [];
    const text = readFileSync(register, 'utf8');
    const group = /GroupName\s*=\s*"([^"]*)"/.exec(text)?.[1];
    if (group === undefined) return [];
    const kinds = [...text.matchAll(/&(\w+)\{\}/g)].map((match) => match[1]);
    return [{ path, apiVersion: group === '' ? version : `${group}/${version}`, kinds }];
  });
}

function readStatements(path) {
  const file = join(path, 'zz_generated.prerelease-lifecycle.go');
  const statements = new Map();
  if (!existsSync(file)) return statements;
  const pattern = /func \(in \*(\w+)\) APILifecycle(\w+)\(\)[^{]*\{\s*return ([^\n]+)/g;
  for (const [, kind, what, value] of readFileSync(file, 'utf8').matchAll(pattern)) {
    const entry = statements.get(kind) ?? {};
    const gvk = /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(value);
    entry[what] = gvk === null ? Number(/1, (\d+)/.exec(value)?.[1]) : gvk.slice(1);
    statements.set(kind, entry);
  }
  return statements;
}

const modules = findModules();
const newestOf = (module) => Math.max(...modules.filter((one) => one.module === module).map((one) => one.minor));
const newest = newestOf('api');
const oldest = modules[0].minor;
const entries = new Map();
for (const { minor, path: root, module } of modules) {
  for (const { path, apiVersion, kinds } of readGroupVersions(root)) {
    const statements = readStatements(path);
    for (const kind of new Set([...kinds, ...statements.keys()])) {
      const key = `${apiVersion} ${kind}`;
      const known = entries.get(key) ?? { apiVersion, kind, firstSeen: minor, module };
      entries.set(key, { ...known, lastSeen: minor, stated: statements.get(kind) ?? known.stated });
    }
  }
}

/** The first minor without the kind's Go type, or infinity while the newest still has it. */
function findGone({ lastSeen, module }) {
  return lastSeen < newestOf(module) ? lastSeen + 1 : Number.POSITIVE_INFINITY;
}

function replacementOf(stated) {
  if (stated.Replacement === undefined) return '';
  const [group, version, kind] = stated.Replacement;
  return corrected(`${group === '' ? version : `${group}/${version}`} ${kind}`);
}

function rowOf(entry) {
  const { apiVersion, kind, firstSeen, stated = {} } = entry;
  const removed = Math.min(stated.Removed ?? Number.POSITIVE_INFINITY, findGone(entry));
  const introduced = stated.Introduced ?? (firstSeen > oldest ? firstSeen : -1);
  const deprecated = Math.min(stated.Deprecated ?? -1, removed);
  return [apiVersion, kind, introduced, deprecated, Number.isFinite(removed) ? removed : -1, replacementOf(stated)];
}

// The tag of networking.k8s.io/v1beta1 IngressClass names the list: a slip upstream.
const corrected = (text) =>
  text === 'networking.k8s.io/v1 IngressClassList' ? 'networking.k8s.io/v1 IngressClass' : text;
const isList = ({ apiVersion, kind }) => kind.endsWith('List') && entries.has(`${apiVersion} ${kind.slice(0, -4)}`);
const rows = [...entries.values()]
  .filter((entry) => !isList(entry))
  .map(rowOf)
  .filter(([, , introduced, deprecated, removed]) => Math.max(introduced, deprecated, removed) >= 0)
  .sort((a, b) => (`${a[0]} ${a[1]}` < `${b[0]} ${b[1]}` ? -1 : 1));

writeFileSync(
  target,
  `// Generated by scripts/compile-lifecycle.mjs from the Go modules k8s.io/api v0.${oldest} to v0.${newest}, kube-aggregator and
// apiextensions-apiserver v0.${newestOf('kube-aggregator')} (Apache-2.0): what Kubernetes says of its own API versions. Do not edit.

/** apiVersion, kind, minor it was introduced in, deprecated in, removed in (-1: not stated), replacement or ''. */
export type GeneratedRow = readonly [string, string, number, number, number, string];

/** The minor that the newest statements are of. */
export const generatedNewestMinor = ${newest};

export const generatedRows: readonly GeneratedRow[] = [
${rows.map((row) => `  ${JSON.stringify(row).replaceAll(',', ', ').replaceAll('"', "'")},`).join('\n')}
];
`,
);
console.log(`wrote ${target}: ${rows.length} kinds`);
