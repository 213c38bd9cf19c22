// `network rehearse`: the policies on a copy of the app in namespaces of its own, asked from inside, held against the prediction, and all gone after.

import { randomBytes } from 'node:crypto';
import { type Connection, createClient, makeStoppable } from '../../api/index.ts';
import { planRehearsal, type Probe, type RehearsalPlan } from '../../inference/index.ts';
import { asString, kubectlCommand, UserError } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import { type Remember } from '../passing.ts';
import type { TrafficOutside } from '../traffic/traffic.ts';
import { answerNetworkPolicies, type NetworkPoliciesAnswer, type NetworkPoliciesWish } from './network-policies.ts';
import { askAgain, type State, toAsked, untilState } from './rehearsal/asking.ts';
import type { Control, RehearsalReport } from './rehearsal/report.ts';
import { Stage } from './rehearsal/stage.ts';

export interface RehearsalWish {
  readonly policies: NetworkPoliciesWish;
  /** Where it is rehearsed; the app itself may be read from files. */
  readonly cluster: ClusterWish;
  readonly image: string;
  /** Forbidden connections to try, at most. */
  readonly mostForbidden: number;
}

export interface PreparedRehearsal {
  readonly answer: NetworkPoliciesAnswer;
  readonly plan: RehearsalPlan;
  readonly context: string;
  /** Does what the plan says. `remember` hears how to tidy up where the program is ended in the middle. */
  readonly run: (remember: Remember) => Promise<RehearsalReport>;
}

function chooseControl({ probes }: RehearsalPlan): Probe {
  const between = probes.filter(({ to }) => to !== undefined);
  const control = between.find(({ kind }) => kind === 'kept') ?? between[0];
  if (control !== undefined) return control;
  throw new UserError(
    'nothing-to-rehearse',
    'no connection between pods of this app can be probed',
    'It declares no port and no call that pods could try. See it with: network policies -o text.',
  );
}

interface Played {
  readonly control: Control;
  readonly before: readonly State[];
  readonly after: readonly State[];
}

async function play(stage: Stage, plan: RehearsalPlan, image: string, say: (what: string) => void): Promise<Played> {
  say(`starting ${plan.standIns.length} stand-in pods`);
  await stage.build(image);
  say(`trying ${plan.probes.length} connections without policies`);
  const before = await askAgain(
    stage,
    plan.probes.map((probe) => ({ ...probe, expected: 'open' as const })),
  );
  const chosen = chooseControl(plan);
  say('closing everything: the control must be refused now');
  await stage.apply(plan.closing);
  const closed = await untilState(stage, chosen, 'closed', 30_000);
  say(`trying ${plan.probes.length} connections with the policies`);
  await stage.apply(plan.opening);
  const after = await askAgain(stage, plan.probes);
  const control = {
    from: chosen.from.of,
    to: chosen.to?.of ?? '',
    port: chosen.port ?? 0,
    before: before[plan.probes.indexOf(chosen)] ?? 'closed',
    closed,
  };
  return { control, before, after };
}

export interface Performance {
  readonly plan: RehearsalPlan;
  readonly connection: Connection;
  readonly image: string;
  /** What the app was read from. */
  readonly source: string;
}

/** Makes, tries, and removes everything, whatever happens. */
export async function performRehearsal(
  { plan, connection, image, source }: Performance,
  { progress, today }: Pick<TrafficOutside, 'progress' | 'today'>,
  remember: Remember,
): Promise<RehearsalReport> {
  const client = createClient(connection);
  const { client: playing, stop } = makeStoppable(client);
  const stage = new Stage(playing, plan);
  remember({
    remove: async () => {
      await stop();
      await new Stage(client, plan).remove();
    },
    byHand: () => [kubectlCommand(['delete', 'namespace', ...plan.namespaces], connection)],
  });
  try {
    const { control, before, after } = await play(stage, plan, image, progress);
    const asked = plan.probes.map((probe, index) =>
      toAsked(probe, before[index] ?? 'closed', after[index] ?? 'closed'),
    );
    return {
      schema: 'nowwhat.dev/network-rehearsal/v1',
      mode: 'copy',
      source,
      context: connection.context,
      kubernetes: asString((await client.request({ path: '/version' }))['gitVersion']) ?? '',
      date: today,
      image,
      control,
      counts: control.before === 'open' && control.closed === 'closed',
      asked,
      surprises: asked.filter((each) => each.after !== each.expected || each.before === 'closed'),
      notProbed: plan.notProbed,
    };
  } finally {
    progress('removing everything');
    await stage.remove();
    await client.close();
  }
}

/** Reads, infers and plans. Nothing is made before `run`. Throws `UserError` where there is nothing to rehearse. */
export async function prepareRehearsal(wish: RehearsalWish, outside: TrafficOutside): Promise<PreparedRehearsal> {
  const answer = await answerNetworkPolicies(wish.policies, outside);
  const { inventory, inferred, report } = answer;
  const prefix = `nowwhat-rehearsal-${randomBytes(3).toString('hex')}`;
  const plan = planRehearsal({ inventory, ...inferred }, { prefix, mostForbidden: wish.mostForbidden });
  chooseControl(plan);
  const connection = await connectCluster(wish.cluster, outside);
  const performance = { plan, connection, image: wish.image, source: report.source };
  const run: PreparedRehearsal['run'] = (remember) => performRehearsal(performance, outside, remember);
  return { answer, plan, context: connection.context, run };
}
