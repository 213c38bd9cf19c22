// Starts a helper pod with what belongs to it, runs commands in it, and removes it.

import { PassThrough, Readable } from 'node:stream';
import { type ApiClient, createObject, deleteObject, execInPod, getObject, isApiError } from '../../api/index.ts';
import { findStartTrouble, type StartTrouble } from '../../kube/live/start-trouble.ts';
import { asArray, asObject, asString, UserError } from '../../model/index.ts';
import { helperContainer, helperPod, helperPolicy, helperSecret, type HelperWish } from './helper-pod.ts';
import { serveBlobs } from './channel/serve-blobs.ts';
import { commandInLink, parseComplaint, saidFile } from './kopia.ts';
import { giveSigns } from './sign-of-life.ts';

const kinds = {
  pods: { group: '', version: 'v1', resource: 'pods' },
  secrets: { group: '', version: 'v1', resource: 'secrets' },
  policies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
} as const;

export interface HelperContext {
  readonly client: ApiClient;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly now: () => number;
  /** Ends whatever runs; helpers are removed all the same. */
  readonly signal: AbortSignal;
  /** How to remove each helper that is there, for a program that is ended in the middle. */
  readonly helpers: Set<() => Promise<void>>;
}

export interface HelperNeeds {
  readonly wish: HelperWish;
  /** Credentials of the store, where the helper needs it. */
  readonly secret: Readonly<Record<string, string>>;
  /** Whether it must reach the store over the network: where policies close that now, or also where they may come while it runs. */
  readonly network: 'unneeded' | 'where closed' | 'opened';
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Helper {
  /** Keeps what is printed; `onError` hears what comes on the second output as it comes. */
  readonly run: (command: readonly string[], onError?: (text: string) => void) => Promise<Ran>;
  /** Throws `UserError` where the command fails. */
  readonly must: (command: readonly string[], onError?: (text: string) => void) => Promise<Ran>;
  /** As `must`, for a kopia whose repository is in a folder of this machine. */
  readonly serve: (command: readonly string[], folder: string, onError?: (text: string) => void) => Promise<Ran>;
  /** What the command prints, as it comes; throws at its end where it failed. */
  readonly stream: (command: readonly string[]) => AsyncIterable<Buffer>;
  /** Gives the command all of `input`, no faster than it reads. */
  readonly feed: (
    command: readonly string[],
    input: AsyncIterable<Buffer>,
    onError?: (text: string) => void,
  ) => Promise<Ran>;
  readonly remove: () => Promise<void>;
}

export function volumeError(what: string, cause?: unknown): UserError {
  return new UserError(
    'volume-failed',
    what,
    'Run the command again: what was moved already is not moved twice.',
    cause,
  );
}

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

function reasonOf(trouble: StartTrouble | undefined): string {
  if (trouble === undefined) return '';
  return `: ${trouble.words}${trouble.isOfImage ? ' (--volume-image names another image with kopia in it)' : ''}`;
}

async function waitUntilRunning(
  { client, sleep, now, signal }: HelperContext,
  name: PodName,
  patience: number,
): Promise<void> {
  const until = now() + patience;
  let last: StartTrouble | undefined;
  while (now() < until) {
    signal.throwIfAborted();
    const pod = await getObject(client, kinds.pods, name);
    const phase = asObject(pod['status'])['phase'];
    if (phase === 'Running') return;
    last = findStartTrouble(pod) ?? last;
    if (last?.isFinal === true || phase === 'Failed') break;
    await sleep(300);
  }
  throw volumeError(`the helper pod in ${name.namespace} does not start${reasonOf(last)}`);
}

async function ignoreMissing(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

/** Milliseconds that the kubelet is given to let go of the volume. */
const farewell = 60_000;

/** What belongs to the pod goes with it, by its owner reference. The volume is free when the pod is gone. */
export async function removeHelperPod(
  { client, sleep, now }: Pick<HelperContext, 'client' | 'sleep' | 'now'>,
  name: PodName,
): Promise<void> {
  await ignoreMissing(deleteObject(client, kinds.pods, name));
  for (const until = now() + farewell; now() < until; ) {
    const isThere = await getObject(client, kinds.pods, name).then(
      () => true,
      (error: unknown) => !isApiError(error, 404),
    );
    if (!isThere) return;
    await sleep(200);
  }
}

/** Policies of the namespace might hold the helper back from the store. */
async function hasPolicies({ client }: HelperContext, namespace: string): Promise<boolean> {
  const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;
  return asArray((await client.request({ path, query: { limit: 1 } }))['items']).length > 0;
}

async function createAll(context: HelperContext, { wish, secret, network }: HelperNeeds): Promise<void> {
  const { client } = context;
  const { namespace, name } = wish;
  const made = await createObject(client, kinds.pods, helperPod(wish));
  const belonging = { namespace, name, podUid: asString(asObject(made['metadata'])['uid']) ?? '' };
  if (wish.needsStore) await createObject(client, kinds.secrets, helperSecret(belonging, secret));
  if (network === 'opened' || (network === 'where closed' && (await hasPolicies(context, namespace))))
    await createObject(client, kinds.policies, helperPolicy(belonging));
}

function commandsIn(context: HelperContext, { namespace, name }: PodName): Omit<Helper, 'remove'> {
  const { client, signal } = context;
  const target = { namespace, pod: name, container: helperContainer, signal };
  const start = async (command: readonly string[], onError?: (text: string) => void, stdin?: Readable) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    let [out, err] = ['', ''];
    stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString('utf8');
    });
    stderr.on('data', (chunk: Buffer) => {
      const text = chunk.toString('utf8');
      // Hours of progress are not worth keeping; what went wrong comes last.
      err = `${err}${text}`.slice(-16_384);
      onError?.(text);
    });
    const input = stdin === undefined ? {} : { stdin };
    const exitCode = await execInPod(client, { ...target, command, stdout, stderr, ...input });
    return { exitCode, stdout: out, stderr: err };
  };
  const run: Helper['run'] = (command, onError) => start(command, onError);
  const feed: Helper['feed'] = (command, input, onError) =>
    start(command, onError, Readable.from(input, { objectMode: false }));
  const must: Helper['must'] = async (command, onError) => {
    const ran = await run(command, onError);
    if (ran.exitCode === 0) return ran;
    const words = command.slice(0, 3).join(' ');
    throw volumeError(`${words} failed in the helper pod: ${parseComplaint(`${ran.stdout}\n${ran.stderr}`)}`);
  };
  const serve: Helper['serve'] = async (command, folder, onError) => {
    const { exitCode, stderr, trouble } = await runServed(context, { namespace, name }, { command, folder, onError });
    if (exitCode !== 0)
      throw volumeError(`${command.slice(0, 3).join(' ')} failed: ${trouble ?? parseComplaint(stderr)}`);
    return { exitCode, stdout: (await must(['cat', saidFile])).stdout, stderr };
  };
  return { run, must, feed, serve, stream: (command) => streamOf(context, { namespace, name }, command) };
}

interface Served {
  readonly command: readonly string[];
  readonly folder: string;
  readonly onError: ((text: string) => void) | undefined;
}

/** The command's own streams carry the requests for the repository and their answers. */
async function runServed(
  { client, signal }: HelperContext,
  { namespace, name }: PodName,
  { command, folder, onError }: Served,
): Promise<{ readonly exitCode: number; readonly stderr: string; readonly trouble: string | undefined }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const stop = new AbortController();
  let err = '';
  stderr.on('data', (chunk: Buffer) => {
    err = `${err}${chunk.toString('utf8')}`.slice(-16_384);
    onError?.(chunk.toString('utf8'));
  });
  const serving = serveBlobs(folder, stdout, stdin);
  serving.catch((error: unknown) => stop.abort(error));
  const exitCode = await execInPod(client, {
    namespace,
    pod: name,
    container: helperContainer,
    command: commandInLink(command),
    stdin,
    stdout,
    stderr,
    signal: AbortSignal.any([signal, stop.signal]),
  }).finally(() => stdout.end());
  return { exitCode, stderr: err, trouble: await serving };
}

async function* streamOf(
  { client, signal }: HelperContext,
  { namespace, name }: PodName,
  command: readonly string[],
): AsyncGenerator<Buffer> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  let err = '';
  stderr.on('data', (chunk: Buffer) => {
    err = `${err}${chunk.toString('utf8')}`.slice(-4096);
  });
  const running = execInPod(client, {
    namespace,
    pod: name,
    container: helperContainer,
    command,
    stdout,
    stderr,
    signal,
  });
  running.then(
    () => stdout.end(),
    (error: unknown) => stdout.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  for await (const chunk of stdout) yield chunk as Buffer;
  const exitCode = await running;
  if (exitCode !== 0) throw volumeError(`a command in the helper pod failed: ${parseComplaint(err)}`);
}

/** Whether the namespace admits nobody who is root. */
export async function admitsNoRoot(client: ApiClient, namespace: string): Promise<boolean> {
  const { metadata } = await getObject(client, kinds.namespaces, { name: namespace });
  return asObject(asObject(metadata)['labels'])['pod-security.kubernetes.io/enforce'] === 'restricted';
}

/** Starts the helper; where that fails, nothing is left either. */
export async function startHelper(context: HelperContext, needs: HelperNeeds): Promise<Helper> {
  const { namespace, name } = needs.wish;
  const commands = commandsIn(context, { namespace, name });
  let stopSigns = (): void => undefined;
  const removeThis = async (): Promise<void> => {
    stopSigns();
    await removeHelperPod(context, { namespace, name });
    context.helpers.delete(removeThis);
  };
  context.helpers.add(removeThis);
  try {
    await createAll(context, needs);
    await waitUntilRunning(context, { namespace, name }, needs.wish.patience);
    stopSigns = giveSigns(commands.run);
  } catch (error) {
    await removeThis();
    throw error;
  }
  return { ...commands, remove: removeThis };
}
