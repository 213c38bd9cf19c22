// `network audit`: what policies that are not applied yet would cut of what happens in a cluster now.

import { auditNetwork } from '../../app/network/audit-network.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderAudit } from '../reporters/network-audit.ts';
import { writeOutput } from '../write-output.ts';
import { type EvidenceFlags, toPoliciesWish } from './network-policies.ts';
import { agreeToSampling } from './traffic.ts';

export interface AuditFlags extends EvidenceFlags {
  readonly output: 'text' | 'json';
}

/** Policies from files, everything else from the cluster. */
function toWish(inputs: readonly string[], flags: AuditFlags): Parameters<typeof auditNetwork>[0] {
  const { context, kubeconfig: _, allNamespaces: __, as: ___, asGroup: ____, namespace, ...rest } = flags;
  if (context === undefined)
    throw new UserError('invalid-option', 'no cluster was named', 'Name one with --context; `.` is the current one.');
  const [first] = (namespace ?? '').split(',');
  const { traffic, answers } = toPoliciesWish([], flags);
  const policies = toReadWish(inputs, first === undefined || first === '' ? rest : { ...rest, namespace: first });
  return { policies, traffic, answers };
}

/** Exit status 1 where something that was seen would be cut. */
export async function runNetworkAudit(inputs: readonly string[], flags: AuditFlags, io: Io): Promise<number> {
  const wish = toWish(inputs, flags);
  const { stdin, environment, today } = io;
  const answer = await withProgress(io, flags.quiet ?? false, (progress) =>
    auditNetwork(wish, {
      stdin,
      environment,
      today,
      progress,
      agree: (intent) => agreeToSampling(intent, flags, io),
    }),
  );
  for (const notice of answer.notices) io.err(`${io.errorStyle.warn('nowwhat:')} ${notice}\n`);
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  const text =
    flags.output === 'json'
      ? `${JSON.stringify(answer.audit, null, 2)}\n`
      : renderAudit(answer, { style, width: parseWidth(flags.width, io.width) });
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return answer.audit.cut.length === 0 ? 0 : 1;
}
