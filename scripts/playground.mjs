// Playgrounds for scripts: in-memory Kubernetes APIs on loopback, filled from YAML. `npm run playground -- FILE…` starts one and prints what leads to it.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '..');

/** The sources are TypeScript, which the oldest Node that we support does not run. */
async function loadSources() {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-playground-'));
  const outfile = join(folder, 'playground.mjs');
  const contents = `export { startPlayground } from './src/playground/index.ts';
    export { parseManifests } from './src/kube/manifests/parse-manifests.ts';`;
  const banner = {
    js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(pathToFileURL(join(root, 'package.json')).href)});`,
  };
  await build({
    stdin: { contents, resolveDir: root },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    banner,
    logLevel: 'error',
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function filesOf(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(path, name));
}

function readObjects(parseManifests, file, say) {
  const source = { file, text: readFileSync(file, 'utf8'), rendered: false };
  const context = { textIndex: 0, origin: { kind: 'file' }, namespace: '' };
  const { objects, unreadable } = parseManifests(source, context);
  for (const { position, reason } of unreadable) say(`left out: ${position.file}:${position.line}: ${reason}`);
  return objects.map(({ raw }) => raw);
}

/** Fills it object by object, as `kubectl apply` does: what is refused is told, the rest is there. */
function fill(playground, objects, say) {
  for (const object of objects) {
    try {
      playground.seed([object]);
    } catch (error) {
      say(`left out: ${error.message}`);
    }
  }
}

/** Starts one with the manifests of files and folders; resolves when its pods are ready. `say` hears what was left out. */
export async function openPlayground({ paths, kubernetesMinor, say = console.error }) {
  openPlayground.sources ??= loadSources();
  const { startPlayground, parseManifests } = await openPlayground.sources;
  const objects = paths.flatMap(filesOf).flatMap((file) => readObjects(parseManifests, file, say));
  const isGround = ({ kind }) => ['Node', 'Namespace', 'StorageClass'].includes(kind);
  const playground = await startPlayground({
    seed: objects.filter(isGround),
    ...(kubernetesMinor && { kubernetesMinor }),
  });
  fill(
    playground,
    objects.filter((each) => !isGround(each)),
    say,
  );
  await playground.settled();
  return playground;
}

if (process.argv[1] !== undefined && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const given = process.argv.slice(2);
  const paths = given.length === 0 ? ['examples/clusters/minikube.yaml', 'examples/shop/k8s'] : given;
  const { url, kubeconfig, close } = await openPlayground({ paths });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-playground-'));
  const file = join(folder, 'kubeconfig');
  writeFileSync(file, kubeconfig(), { mode: 0o600 });
  console.log(`${url} holds ${paths.join(', ')}. Ctrl-C ends it.\n\nexport KUBECONFIG=${file}`);
  const end = () => {
    rmSync(folder, { recursive: true });
    void close();
  };
  process.once('SIGINT', end).once('SIGTERM', end);
}
