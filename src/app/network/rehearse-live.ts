// `network rehearse --live`: the policies on the app itself for a short time, its pods called by stand-ins, watched all the while, and everything taken back.

import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { type ApiClient, type Connection, createClient, discover, makeStoppable } from '../../api/index.ts';
import { type LiveRehearsalPlan, planLiveRehearsal, type Probe } from '../../inference/index.ts';
import { lastingAfter } from '../../kube/live/lasting-readiness.ts';
import { asString, kubectlCommand, UserError } from '../../model/index.ts';
import { connectCluster } from '../cluster/open-cluster.ts';
import type { Remember } from '../passing.ts';
import type { TrafficOutside } from '../traffic/traffic.ts';
import { answerNetworkPolicies, type NetworkPoliciesAnswer, type NetworkPoliciesWish } from './network-policies.ts';
import { requireKept } from './plan-rollout.ts';
import { AppWatch } from './rehearsal/app-watch.ts';
import { askAgain, type Asked, type State, toAsked, untilState } from './rehearsal/asking.ts';
import { type LiveMaking, LiveStage } from './rehearsal/live-stage.ts';
import type { RehearsalReport } from './rehearsal/report.ts';

export interface LiveRehearsalWish {
  /** Of an app that is read from a cluster. */
  readonly policies: NetworkPoliciesWish;
  readonly image: string;
  /** Forbidden connections to try, at most. */
  readonly mostForbidden: number;
  /** How long policies may stand. Milliseconds. */
  readonly within: number;
}

export interface PreparedLiveRehearsal {
  readonly answer: NetworkPoliciesAnswer;
  readonly plan: LiveRehearsalPlan;
  readonly context: string;
  /** Does what the plan says. `remember` hears how to tidy up where the program is ended in the middle. */
  readonly run: (remember: Remember) => Promise<RehearsalReport>;
}

interface Played {
  readonly before: readonly State[];
  readonly after: readonly State[];
  readonly trouble?: string;
}

/** What is open now, though the policies forbid it: the control. Without any, policies need not be tried on anybody. */
function requireControl({ probes }: LiveRehearsalPlan, before: readonly State[]): Probe {
  const control = probes.find(({ kind }, index) => kind === 'forbidden' && before[index] === 'open');
  if (control !== undefined) return control;
  throw new UserError(
    'nothing-to-rehearse',
    'none of the connections that the policies forbid is open now: it could not be told whether they hold anybody',
    'No policy was applied. Rehearse on a copy with --on.',
  );
}

/** Of the time that policies may stand, what is left for the answer. Milliseconds. */
const spare = 2000;

async function tryPolicies(
  stage: LiveStage,
  { plan: { probes, policies }, within }: LiveMaking,
  control: Probe,
  say: (what: string) => void,
): Promise<State[]> {
  const end = Date.now() + within;
  say(`applying ${policies.length} policies`);
  await stage.apply();
  await untilState(stage, control, 'closed', 15_000);
  const closed = Date.now();
  say(`trying ${probes.length} connections with the policies`);
  const states = await askAgain(stage, probes);
  // A program notices later than a socket that it is cut off, and its kubelet later still.
  await pause(Math.max(0, Math.min(closed + lastingAfter, end - spare) - Date.now()));
  return states;
}

/** Until something is wrong with the app, or the time is up. */
async function untilTrouble(watch: AppWatch, within: number): Promise<string> {
  const end = Date.now() + within;
  while (Date.now() < end) {
    const trouble = await watch.trouble();
    if (trouble !== undefined) return trouble;
    await pause(1000);
  }
  return `not all connections were tried within ${Math.round(within / 1000)} s`;
}

interface Playing {
  readonly client: ApiClient;
  readonly making: LiveMaking;
  readonly say: (what: string) => void;
}

async function play({ client, making, say }: Playing): Promise<Played> {
  const { plan, within } = making;
  const stage = new LiveStage(client, making);
  const watch = new AppWatch(client, making.served, plan.namespaces);
  say('asking the cluster whether all may be made');
  await stage.tryOut();
  await watch.remember();
  const remembered = Date.now();
  say(`starting ${plan.standIns.length} stand-in pods`);
  await stage.build();
  say(`trying ${plan.probes.length} connections as it is now`);
  const before = await askAgain(
    stage,
    plan.probes.map((probe) => ({ ...probe, expected: 'open' as const })),
  );
  const control = requireControl(plan, before);
  await pause(Math.max(0, remembered + lastingAfter - Date.now()));
  await watch.remember();
  await stage.limit();
  const tried = tryPolicies(stage, making, control, say).then((after) => ({ before, after }));
  const troubled = untilTrouble(watch, within).then((trouble) => ({ before, after: [], trouble }));
  return await Promise.race([tried, troubled]);
}

/** What was refused before says nothing later, unless it was let through then against all policies. */
function isSurprise({ kind, before, after, expected }: Asked): boolean {
  return after !== expected && (kind === 'forbidden' || before === 'open');
}

function toResult({ probes }: LiveRehearsalPlan, { before, after, trouble }: Played) {
  const all = probes.map((probe, index) => toAsked(probe, before[index] ?? 'closed', after[index] ?? 'open'));
  const forbidden = all.filter(({ kind, before: was }) => kind === 'forbidden' && was === 'open');
  const shown = trouble === undefined ? forbidden.find((each) => each.after === 'closed') : undefined;
  const { from = '', to = '', port = 0 } = shown ?? forbidden[0] ?? {};
  const asked = trouble === undefined ? all : [];
  return {
    control: { from, to, port, before: 'open', closed: shown === undefined ? 'open' : 'closed' },
    counts: shown !== undefined,
    asked,
    surprises: asked.filter(isSurprise),
    ...(trouble === undefined ? {} : { trouble }),
  } as const;
}

export interface LivePerformance extends Omit<LiveMaking, 'served'> {
  readonly connection: Connection;
  /** What the app was read from. */
  readonly source: string;
}

/** Makes, tries, and takes everything back, whatever happens. */
export async function performLiveRehearsal(
  { connection, source, ...given }: LivePerformance,
  { progress, today }: Pick<TrafficOutside, 'progress' | 'today'>,
  remember: Remember,
): Promise<RehearsalReport> {
  const client = createClient(connection);
  const { client: playing, stop } = makeStoppable(client);
  try {
    const kubernetes = asString((await client.request({ path: '/version' }))['gitVersion']) ?? '';
    const making = { ...given, served: await discover(client) };
    const remove = async (): Promise<void> => {
      await stop();
      await new LiveStage(client, making).remove();
    };
    const { plan, image } = making;
    remember({
      remove,
      byHand: () =>
        plan.namespaces.map((each) => kubectlCommand(['delete', 'job', plan.prefix, '-n', each], connection)),
    });
    try {
      const result = toResult(plan, await play({ client: playing, making, say: progress }));
      const head = {
        schema: 'nowwhat.dev/network-rehearsal/v1',
        mode: 'live',
        source,
        context: connection.context,
      } as const;
      return { ...head, kubernetes, date: today, image, ...result, notProbed: plan.notProbed };
    } finally {
      progress('taking everything back');
      await remove();
    }
  } finally {
    await client.close();
  }
}

/** Reads, infers and plans. Nothing is made before `run`. Throws `UserError` where a connection would be cut, or nothing can be tried. */
export async function prepareLiveRehearsal(
  { policies, ...wish }: LiveRehearsalWish,
  outside: TrafficOutside,
): Promise<PreparedLiveRehearsal> {
  const { cluster } = policies.traffic.reading;
  if (cluster === undefined)
    throw new UserError(
      'invalid-option',
      '--live needs the cluster in which the app runs',
      'Name one with --context; `.` is the current one.',
    );
  const answer = await answerNetworkPolicies(policies, outside);
  requireKept(answer);
  const { inventory, inferred, report } = answer;
  const prefix = `nowwhat-rehearsal-${randomBytes(3).toString('hex')}`;
  const plan = planLiveRehearsal({ inventory, ...inferred }, { prefix, mostForbidden: wish.mostForbidden });
  if (!plan.probes.some(({ kind }) => kind === 'forbidden'))
    throw new UserError(
      'nothing-to-rehearse',
      'no pod of this app is ready that somebody else could try to call',
      'Wait until it runs, or rehearse on a copy with --on.',
    );
  const connection = await connectCluster(cluster, outside);
  const performance = { ...wish, plan, connection, source: report.source };
  return {
    answer,
    plan,
    context: connection.context,
    run: (remember) => performLiveRehearsal(performance, outside, remember),
  };
}
