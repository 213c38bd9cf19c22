// Reads the OpenAPI v3 documents of one Kubernetes version: from a source tree, or from a running API server.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Files of the running server's aggregated APIs and of custom resources are left out: the table is about built-in kinds. */
const builtInDocument = /^(?:api\/v1|apis\/(?:[a-z]+|[a-z.]+\.k8s\.io)\/v[a-z0-9]+)$/;

async function readJson(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status} ${response.statusText}`);
  return response.json();
}

async function readServer(base) {
  const { major, minor } = await readJson(new URL('/version', base));
  const { paths } = await readJson(new URL('/openapi/v3', base));
  const names = Object.keys(paths).filter((name) => builtInDocument.test(name));
  const documents = await Promise.all(names.map((name) => readJson(new URL(paths[name].serverRelativeURL, base))));
  return { version: `v${major}.${minor.replace(/\D.*$/, '')}`, documents, enums: new Map() };
}

/**
 * Enums by `tail of type name` -> field -> values. The published OpenAPI files leave enums out
 * (hack/update-openapi-spec.sh turns OpenAPIEnums off), the Go source they are generated from has them.
 */
function readGoEnums(file) {
  const enums = new Map();
  if (!existsSync(file)) return enums;
  let type = '';
  let field = '';
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const head = /^func schema_(\w+)\(/.exec(line);
    if (head !== null) type = head[1].split('_').slice(-3).join('.');
    const property = /^\t{5}"([^"]+)": \{$/.exec(line);
    if (property !== null) field = property[1];
    const values = /^\t+Enum:\s+\[\]interface\{\}\{(.*?)\}+,$/.exec(line);
    if (values === null) continue;
    if (!enums.has(type)) enums.set(type, new Map());
    enums.get(type).set(field, JSON.parse(`[${values[1]}]`));
  }
  return enums;
}

function readSourceTree(folder) {
  const specs = join(folder, 'api/openapi-spec/v3');
  const version = /v1\.\d+\.\d+/.exec(basename(folder))?.[0];
  if (version === undefined)
    throw new Error(`${folder}: the folder's name must end in the version, as in kubernetes@v1.34.4`);
  const documents = readdirSync(specs)
    .filter((name) => builtInDocument.test(name.replace(/_openapi\.json$/, '').replaceAll('__', '/')))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(specs, name), 'utf8')));
  const enums = readGoEnums(join(folder, 'pkg/generated/openapi/zz_generated.openapi.go'));
  return { version, documents, enums };
}

/** `{ version, documents, enums }` of a source tree's folder or of an API server's address. */
export async function readOpenApi(from) {
  return /^https?:/.test(from) ? readServer(from) : readSourceTree(from);
}
