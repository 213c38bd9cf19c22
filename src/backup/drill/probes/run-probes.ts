// Runs the user's probes in a copy of an app. Nothing that a probe prints or answers is kept: Secrets may be in it.

import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ApiClient, connectToPod } from '../../../api/index.ts';
import { UserError } from '../../../model/index.ts';
import { firstContainerOf } from '../../hooks/find-hooks.ts';
import { runHook } from '../../hooks/run-hook.ts';
import { findPod, findPort, type FoundPod } from './find-pod.ts';
import type { DrillProbe, ProbeAct } from './parse-probes.ts';

export interface ProbeResult {
  readonly name: string;
  readonly holds: boolean;
  /** Why it does not; '' where it does. */
  readonly why: string;
  /** Milliseconds until it held, or was given up. */
  readonly took: number;
}

export interface ProbeRunning {
  readonly client: ApiClient;
  /** Namespace of the copy, by that of the backup; `undefined` is the only one. */
  readonly copyOf: (namespace: string | undefined) => string;
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly progress: (text: string) => void;
}

/** One try may take as long as this, whatever the probe allows in all. */
const longestTry = 30_000;

type Act<T extends ProbeAct['type']> = Extract<ProbeAct, { readonly type: T }>;

interface Target {
  readonly client: ApiClient;
  readonly namespace: string;
  readonly found: FoundPod;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

function ask(connection: Duplex, { path, headers }: Act<'http'>, signal: AbortSignal): Promise<Answer> {
  return new Promise((resolve, reject) => {
    connection.once('error', reject);
    const sent = request(
      { createConnection: () => connection, path, headers: { host: 'localhost', ...headers }, signal },
      (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      },
    );
    sent.once('error', reject);
    sent.end();
  });
}

/** Through the API server to the pod itself: the fence lets nothing else in. */
async function tryHttp({ client, namespace, found }: Target, act: Act<'http'>): Promise<string> {
  const port = findPort(found, act.port);
  if (port === undefined) return `there is no port ${act.port}`;
  const signal = AbortSignal.timeout(longestTry);
  const connection = await connectToPod(client, { namespace, pod: found.name, port, signal });
  try {
    const { status, body } = await ask(connection, act, signal);
    if (status !== act.status) return `it answers with ${status}, not with ${act.status}`;
    return act.matches === undefined || act.matches.test(body) ? '' : `its answer has nothing like ${act.matches}`;
  } catch (error) {
    if (signal.aborted) return `no answer within ${longestTry / 1000} s`;
    return error instanceof Error ? error.message : String(error);
  } finally {
    connection.destroy();
  }
}

async function tryExec({ client, namespace, found }: Target, act: Act<'exec'>): Promise<string> {
  const { command, container = firstContainerOf(found.pod) } = act;
  const place = { namespace, pod: found.name, container };
  const { failure, stdout } = await runHook(client, { ...place, command, timeout: longestTry });
  if (failure !== '') return failure;
  return act.matches === undefined || act.matches.test(stdout) ? '' : `it prints nothing like ${act.matches}`;
}

/** Why it does not hold; '' where it does. */
async function tryOnce({ client, copyOf }: ProbeRunning, { namespace, place, act }: DrillProbe): Promise<string> {
  const copy = copyOf(namespace);
  try {
    const found = await findPod(client, copy, place);
    if (typeof found === 'string') return found;
    const target = { client, namespace: copy, found };
    return act.type === 'http' ? await tryHttp(target, act) : await tryExec(target, act);
  } catch (error) {
    if (error instanceof UserError && error.code !== 'cluster-unreachable') return error.message;
    throw error;
  }
}

async function runProbe(running: ProbeRunning, probe: DrillProbe): Promise<ProbeResult> {
  const { now, sleep } = running;
  const { name, within } = probe;
  const started = now();
  for (;;) {
    const why = await tryOnce(running, probe);
    const took = now() - started;
    if (why === '' || took >= within) return { name, holds: why === '', why, took };
    await sleep(1000);
  }
}

/** One after the other, in the order of the file: what one writes, the next may look for. */
export async function runProbes(running: ProbeRunning, probes: readonly DrillProbe[]): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = [];
  for (const probe of probes) {
    running.progress(`probe ${results.length + 1} of ${probes.length}: ${probe.name}`);
    results.push(await runProbe(running, probe));
  }
  return results;
}
