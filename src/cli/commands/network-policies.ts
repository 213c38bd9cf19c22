// `network policies`: prints policies from evidence, with the proof that they keep what the app needs.

import {
  answerNetworkPolicies,
  type NetworkPoliciesAnswer,
  type NetworkPoliciesWish,
} from '../../app/network/network-policies.ts';
import { recordWrittenPolicies } from '../../app/network/record-policies.ts';
import { renderPolicies } from '../../app/network/render-policies.ts';
import type { SamplingIntent } from '../../app/traffic/traffic.ts';
import { type Answers, parseAnswer } from '../../inference/index.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { proofHeader, renderProof, toPoliciesJson } from '../reporters/network-policies.ts';
import { writeOutput } from '../write-output.ts';
import { commandText } from './plans/change-flags.ts';
import { agreeToSampling, type ObservationFlags, toTrafficWish } from './traffic.ts';

/** Options about the evidence that policies are made of. */
export interface EvidenceFlags extends ObservationFlags {
  readonly peer?: readonly string[];
  readonly keepUncalled?: boolean;
}

export interface NetworkPoliciesFlags extends EvidenceFlags {
  readonly output: 'yaml' | 'text' | 'json';
}

export function toAnswers(texts: readonly string[] = []): Answers {
  return new Map(
    texts.map((text) => {
      const answer = parseAnswer(text);
      if (answer !== undefined) return answer;
      throw new UserError(
        'invalid-option',
        `--peer "${text}" is not a name with addresses or pods`,
        'Write it as api.example.com=203.0.113.0/24 or ingress=ingress-nginx/app.kubernetes.io/name=ingress-nginx.',
      );
    }),
  );
}

function render(answer: NetworkPoliciesAnswer, flags: NetworkPoliciesFlags, io: Io): string {
  if (flags.output === 'json') return `${JSON.stringify(toPoliciesJson(answer), null, 2)}\n`;
  if (flags.output === 'yaml') return renderPolicies(answer.inferred.policies, proofHeader(answer));
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return renderProof(answer, { style, width: parseWidth(flags.width, io.width) });
}

/** Pods are looked into only where the user says for how long. */
export function toPoliciesWish(inputs: readonly string[], flags: EvidenceFlags): NetworkPoliciesWish {
  const { sampling, ...rest } = toTrafficWish(inputs, flags);
  const traffic = flags.for === undefined || sampling === undefined ? rest : { ...rest, sampling };
  return { traffic, answers: toAnswers(flags.peer), keepsUncalled: flags.keepUncalled ?? false };
}

/** Logins of the user's are not repeated in a record. */
function withoutLogin(url: string): string {
  return url.replace(/^(\w+:\/\/)[^/@]*@/, '$1');
}

/** The options as the user wrote them, for a record. */
export function evidenceWords({ flows = [], prometheus, range, for: time, every, ...flags }: EvidenceFlags): string[] {
  const option = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return [
    ...flows.flatMap((file) => ['--flows', file]),
    ...option('--prometheus', prometheus && withoutLogin(prometheus)),
    ...option('--range', range),
    ...option('--for', time),
    ...option('--every', every),
    ...(flags.peer ?? []).flatMap((answer) => ['--peer', answer]),
    ...(flags.keepUncalled === true ? ['--keep-uncalled'] : []),
  ];
}

/** Exit status 1 where the policies would cut something that is declared or was seen. */
export async function runNetworkPolicies(
  inputs: readonly string[],
  flags: NetworkPoliciesFlags,
  io: Io,
): Promise<number> {
  const wish = toPoliciesWish(inputs, flags);
  const { stdin, environment, today } = io;
  const progress = (): void => undefined;
  const outside = {
    stdin,
    environment,
    today,
    progress,
    agree: (intent: SamplingIntent) => agreeToSampling(intent, flags, io),
  };
  const answer = await withProgress(io, flags.quiet ?? false, (say) =>
    answerNetworkPolicies(wish, { ...outside, progress: say }),
  );
  for (const notice of answer.notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  await writeOutput(render(answer, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  if (flags.outputFile !== undefined && flags.output === 'yaml') {
    const words = [...inputs, ...evidenceWords(flags), '--output-file', flags.outputFile];
    const making = { command: commandText('network policies', words, flags), version: io.version };
    await recordWrittenPolicies(flags.outputFile, wish, answer, { ...outside, making });
  }
  return answer.inferred.proof.cut.length === 0 ? 0 : 1;
}
