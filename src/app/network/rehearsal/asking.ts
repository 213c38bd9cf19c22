// Questions from inside of stand-ins: which addresses and ports answer, and whether the name server does.

import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, captureInPod } from '../../../api/index.ts';
import type { Probe, StandIn } from '../../../inference/index.ts';
import { inParallel, pushTo } from '../../../model/index.ts';
import { askNames, container } from './stand-in-pod.ts';

const concurrency = 6;

export type State = 'open' | 'closed';

export interface Asked {
  readonly kind: Probe['kind'];
  readonly from: string;
  readonly to: string;
  readonly port: number;
  readonly expected: State;
  /** Without the policies. */
  readonly before: State;
  /** With the policies. */
  readonly after: State;
}

export function toAsked({ kind, from, to, port, expected }: Probe, before: State, after: State): Asked {
  return { kind, from: from.of, to: to?.of ?? 'DNS of the cluster', port: port ?? 53, expected, before, after };
}

/** Somebody who can be asked. */
export interface Asking {
  readonly ask: (probes: readonly Probe[]) => Promise<State[]>;
}

export interface Questions {
  readonly client: ApiClient;
  /** Prints for each `address,port` that it is given a line that ends in `open` or `closed`. */
  readonly script: string;
  readonly addressOf: (to: NonNullable<Probe['to']>) => string;
}

async function run({ client }: Questions, { namespace, name }: StandIn, command: readonly string[]): Promise<string> {
  const { stdout } = await captureInPod(client, { namespace, pod: name, container, command });
  return stdout;
}

async function askFrom(questions: Questions, from: StandIn, probes: readonly Probe[]): Promise<[Probe, State][]> {
  const ports = probes.flatMap((probe) =>
    probe.to === undefined ? [] : [{ probe, target: `${questions.addressOf(probe.to)},${probe.port}` }],
  );
  const targets = ports.map(({ target }) => target);
  const lines =
    targets.length === 0 ? '' : await run(questions, from, ['sh', '-c', questions.script, 'ask', ...targets]);
  const open = new Set(
    lines.split('\n').flatMap((line) => (line.endsWith(' open') ? [line.slice(0, -' open'.length)] : [])),
  );
  const answers = ports.map(({ probe, target }): [Probe, State] => [probe, open.has(target) ? 'open' : 'closed']);
  const names: [Probe, State][] = [];
  for (const probe of probes.filter(({ to }) => to === undefined)) {
    const said = await run(questions, from, ['sh', '-c', askNames]);
    names.push([probe, said.trim() === 'open' ? 'open' : 'closed']);
  }
  return [...answers, ...names];
}

/** The states of the probes, in their order. */
export async function askAll(questions: Questions, probes: readonly Probe[]): Promise<State[]> {
  const states = new Map<Probe, State>();
  const byCaller = new Map<StandIn, Probe[]>();
  for (const probe of probes) pushTo(byCaller, probe.from, probe);
  await inParallel([...byCaller], concurrency, async ([from, own]) => {
    for (const [probe, state] of await askFrom(questions, from, own)) states.set(probe, state);
  });
  return probes.map((probe) => states.get(probe) ?? 'closed');
}

/** What is otherwise than expected is asked again: a policy may just not have arrived yet. */
export async function askAgain(asking: Asking, probes: readonly Probe[]): Promise<State[]> {
  const states = await asking.ask(probes);
  for (let round = 0; round < 3; round += 1) {
    const odd = probes.filter((probe, index) => states[index] !== probe.expected);
    if (odd.length === 0) break;
    await pause(2000);
    const again = await asking.ask(odd);
    for (const [index, probe] of odd.entries()) states[probes.indexOf(probe)] = again[index] ?? 'closed';
  }
  return states;
}

/** Networks take a moment to hold pods to new policies: up to so many milliseconds are waited. */
export async function untilState(asking: Asking, probe: Probe, wanted: State, patienceMs: number): Promise<State> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const [state = 'closed'] = await asking.ask([probe]);
    if (state === wanted || Date.now() > end) return state;
    await pause(1000);
  }
}
