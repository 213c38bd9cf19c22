// An S3 server in a pod of the test cluster, which this machine and pods reach by different addresses, and the built program that uses it.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect } from 'vitest';
import { type ApiClient, captureInPod, forwardPort } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { root } from '../e2e/run-cli.ts';
import { kubeconfig, openNamespace } from './test-cluster.ts';

/** Holds a shell, kopia and versitygw. */
export const volumeImage = process.env['NOWWHAT_TEST_VOLUME_IMAGE'];

export const login = { accessKeyId: 'test', secretAccessKey: 'testtest' };
export const bucket = 'kept';

const serve = `mkdir -p /s/data/${bucket} /s/iam; exec versitygw --access ${login.accessKeyId} --secret ${login.secretAccessKey} --port :7070 --iam-dir /s/iam posix /s/data`;

/** A container of that image, with the volume `data` where it wants it. */
export function dataContainer(name: string, command: string, mountPath = '/d'): JsonObject {
  return {
    name,
    image: volumeImage ?? '',
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', command],
    volumeMounts: [{ name: 'data', mountPath }],
  };
}

/** One that is ready when its command has made `/tmp/filled`. */
export function fillingContainer(command: string): JsonObject {
  const readinessProbe = { exec: { command: ['test', '-e', '/tmp/filled'] }, periodSeconds: 1 };
  return { ...dataContainer('c', command), readinessProbe };
}

const server: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 's3', labels: { app: 's3' } },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        ...dataContainer('s3', serve, '/s'),
        readinessProbe: { tcpSocket: { port: 7070 }, periodSeconds: 1 },
      },
    ],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

/** The pod's status, once its first container is ready. */
export async function untilPodReady(client: ApiClient, namespace: string, pod: string): Promise<JsonObject> {
  let last: JsonObject = {};
  for (let tries = 0; tries < 480; tries += 1) {
    last = await client
      .request({ path: `/api/v1/namespaces/${namespace}/pods/${pod}` })
      .catch(() => ({}) as JsonObject);
    const [status] = asArray(asObject(last['status'])['containerStatuses']);
    if (asObject(status)['ready'] === true) return asObject(last['status']);
    await setTimeout(500);
  }
  throw new Error(`${namespace}/${pod} was not ready in 240 s: ${JSON.stringify(last['status'])}`);
}

export interface ServedBucket {
  /** As pods reach it. */
  readonly endpoint: string;
  /** As this machine reaches it. */
  readonly localEndpoint: string;
  /** Where its pod `s3` is. */
  readonly client: ApiClient;
  readonly namespace: string;
  readonly close: () => Promise<void>;
}

export async function serveBucket(): Promise<ServedBucket> {
  const space = await openNamespace();
  await space.create('api/v1:pods', server);
  const { podIP } = await untilPodReady(space.client, space.name, 's3');
  const forwarding = await forwardPort(space.client, { namespace: space.name, pod: 's3', port: 7070 });
  return {
    endpoint: `http://${asString(podIP) ?? ''}:7070`,
    localEndpoint: `http://127.0.0.1:${forwarding.localPort}`,
    client: space.client,
    namespace: space.name,
    close: async () => {
      forwarding.close();
      await space.close();
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly out: string;
}

/** As this machine reaches it. */
export function placeIn({ localEndpoint }: ServedBucket, prefix = ''): string {
  return `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}?endpoint=${localEndpoint}`;
}

/** Not in this process: the way to the bucket leads through it. */
function lineOf(args: readonly string[]): string[] {
  return [join(root, 'bin', 'nowwhat.js'), ...args];
}

function environment(): NodeJS.ProcessEnv {
  const { accessKeyId, secretAccessKey } = login;
  return {
    ...process.env,
    KUBECONFIG: kubeconfig,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
}

function execute(cwd: string, args: readonly string[]): Promise<Answer & { readonly err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, lineOf(args), { env: environment(), cwd, maxBuffer: 1 << 26 }, (error, out, err) =>
      resolve({ status: error === null ? 0 : Number(error.code ?? 1), out, err }),
    );
  });
}

/** What it says, on both ways together. */
export async function runProgram(cwd: string, args: readonly string[]): Promise<Answer> {
  const { status, out, err } = await execute(cwd, args);
  return { status, out: out + err };
}

/** What it answers with `-o json`; it must end well. */
export async function askProgram(cwd: string, args: readonly string[]): Promise<JsonObject> {
  const { status, out, err } = await execute(cwd, [...args, '-o', 'json']);
  expect(status, out + err).toBe(0);
  return asObject(JSON.parse(out));
}

function besideOf(served: ServedBucket, args: readonly string[], prefix: string): string[] {
  const volumes = ['--volume-image', volumeImage ?? '', '--volume-endpoint', served.endpoint, '--yes'];
  return [...args, '--store', placeIn(served, prefix), '--context', '.', ...volumes];
}

/** A command that moves data between the cluster and the bucket. */
export function runBeside(served: ServedBucket, cwd: string, args: readonly string[], prefix = ''): Promise<Answer> {
  return runProgram(cwd, besideOf(served, args, prefix));
}

/** The same, where it must end well; what it has said. */
export async function runWell(served: ServedBucket, cwd: string, args: readonly string[]): Promise<string> {
  const { status, out } = await runBeside(served, cwd, args);
  expect(status, out).toBe(0);
  return out;
}

/** The same, for who does not wait for its end. */
export function startBeside(served: ServedBucket, cwd: string, args: readonly string[]): ChildProcess {
  return spawn(process.execPath, lineOf(besideOf(served, args, '')), { env: environment(), cwd, stdio: 'ignore' });
}

/** Every file below `/d` of a pod: what it is, how large, whose, its target and its hash. Velero leaves a mark of its own where the pod is not root's. */
export async function filesOf(client: ApiClient, namespace: string, pod: string): Promise<string> {
  const each =
    'stat -c "%n %a %u %g" "$f"; [ -L "$f" ] && readlink "$f"; [ -f "$f" ] && [ ! -L "$f" ] && stat -c "%s %Y" "$f" && sha256sum "$f"';
  const list = `cd /d && find . -mindepth 1 -path ./.velero -prune -o -mindepth 1 -print | sort | while IFS= read -r f; do ${each}; done; true`;
  const { stdout } = await captureInPod(client, { namespace, pod, container: 'c', command: ['sh', '-c', list] });
  return stdout;
}

/** What kopia itself lists in a repository, beside the bucket's server: descriptions only. */
export async function snapshotsIn({ client, namespace }: ServedBucket, prefix: string): Promise<unknown[]> {
  const where = `--bucket=${bucket} --prefix=${prefix} --endpoint=127.0.0.1:7070 --disable-tls`;
  const keys = `--access-key=${login.accessKeyId} --secret-access-key=${login.secretAccessKey}`;
  const script = `export HOME=/tmp KOPIA_PASSWORD=static-passw0rd KOPIA_CHECK_FOR_UPDATES=false
kopia repository connect s3 ${where} ${keys} --override-username=default --override-hostname=default >/dev/null 2>&1 && kopia snapshot list --all --json`;
  const { stdout } = await captureInPod(client, { namespace, pod: 's3', command: ['sh', '-c', script] });
  return asArray(JSON.parse(stdout)).map((each) => asObject(each)['description']);
}
