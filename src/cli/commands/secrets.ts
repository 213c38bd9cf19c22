// `secrets`: where the secrets of an app come from, who gets them, and how to keep them better.

import { findSecretsOfApp } from '../../app/security/secrets.ts';
import { parseWidth, repeatInputs, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderSecrets } from '../reporters/secrets.ts';
import { writeOutput } from '../write-output.ts';
import { isPlanFile, type TopicFlags, writeTopicPlan } from './plans/topic-plan.ts';

export type SecretsFlags = TopicFlags;

/** What puts a topic right. A plan for files would hold the values that go: those are for `fix --write`, which keeps no copy. */
function checksOf(topic: string, isCluster: boolean): readonly string[] {
  if (topic === 'file') return ['secret-as-env'];
  return topic === 'text' && isCluster ? ['secret-in-env', 'secret-in-args', 'secret-in-annotation'] : [];
}

/** A report with a plan: it is no verdict, and the exit status is 0. */
export async function runSecrets(inputs: readonly string[], flags: SecretsFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = { ...toReadWish(inputs, flags), repeated: repeatInputs(inputs, flags) };
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    findSecretsOfApp(wish, { stdin, environment, today, progress }),
  );
  if (isPlanFile(flags.output)) {
    const topics = { command: 'secrets', steps: answer.steps, checks: checksOf };
    await writeTopicPlan({ ...topics, title: 'Hand secrets over more safely' }, inputs, flags, io);
    return 0;
  }
  const look = {
    style: flags.outputFile === undefined ? io.style : io.fileStyle,
    width: parseWidth(flags.width, io.width),
  };
  const text = flags.output === 'json' ? `${JSON.stringify(answer, null, 2)}\n` : renderSecrets(answer, look);
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
