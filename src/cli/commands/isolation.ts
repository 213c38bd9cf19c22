// `isolation`: which workloads are worth most to an intruder, and how to keep one there.

import { findIsolation } from '../../app/security/isolation.ts';
import { parseWidth, repeatInputs, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderIsolation } from '../reporters/isolation.ts';
import { writeOutput } from '../write-output.ts';
import { isPlanFile, type TopicFlags, writeTopicPlan } from './plans/topic-plan.ts';

export type IsolationFlags = TopicFlags;

/** What puts a topic right. In a cluster policies are closed namespace by namespace, by a plan of their own. */
function checksOf(topic: string, isCluster: boolean): readonly string[] {
  switch (topic) {
    case 'network':
      return isCluster ? [] : ['ingress-not-isolated'];
    case 'identity':
      return ['automount-token'];
    case 'pod-security':
      return ['namespace-policy-missing'];
    case 'sandbox':
      return ['sandbox-missing'];
    case 'quota':
      return ['namespace-without-quota'];
    default:
      return [];
  }
}

/** A report with a plan: it is no verdict, and the exit status is 0. */
export async function runIsolation(inputs: readonly string[], flags: IsolationFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = { ...toReadWish(inputs, flags), repeated: repeatInputs(inputs, flags) };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    findIsolation(wish, { stdin, environment, today, progress }),
  );
  if (isPlanFile(flags.output)) {
    const about = answer.workloads.map(({ subject }) => subject);
    const topics = { command: 'isolation', steps: answer.steps, about, checks: checksOf };
    const count = `${about.length} sensitive workload${about.length === 1 ? '' : 's'}`;
    await writeTopicPlan({ ...topics, title: `Hold a break-in at ${count} where it is` }, inputs, flags, io);
    return 0;
  }
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderIsolation(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
