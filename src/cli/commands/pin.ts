// `pin`: digests behind the images in the user's own files; shown first, written where the user says so.

import { applyPins, type PinPlan, planPins, type PinWish } from '../../app/pin/pin.ts';
import { UserError } from '../../model/index.ts';
import { parseWidth, type SourceFlags, toClusterOnlyWish, toReadWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { renderPins } from '../reporters/pin.ts';
import { writeOutput } from '../write-output.ts';

export interface PinFlags extends SourceFlags {
  readonly output: 'text' | 'json' | 'diff';
  readonly write?: boolean;
  readonly update?: boolean;
  readonly digests?: string;
}

/** A cluster is where digests come from; what is edited are files in any case. */
function toPinWish(inputs: readonly string[], flags: PinFlags): PinWish {
  const { digests, context, update = false } = flags;
  if (digests !== undefined && context !== undefined)
    throw new UserError('invalid-option', '--digests and --context cannot be given together', 'Give one of them.');
  const { context: _, kubeconfig: __, allNamespaces: ___, as: ____, asGroup: _____, ...files } = flags;
  const running = context === undefined ? undefined : toClusterOnlyWish(flags);
  return { ...toReadWish(inputs, files), digestFile: digests, running, update };
}

function render({ answer }: PinPlan, written: boolean, flags: PinFlags, io: Io): string {
  if (flags.output === 'json') return `${JSON.stringify({ ...answer, written }, null, 2)}\n`;
  if (flags.output === 'diff') return answer.files.map(({ diff }) => diff).join('');
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return renderPins(answer, written, { style, width: parseWidth(flags.width, io.width), program: io.program });
}

/** Exit status 1 where edits wait to be written, or an image could not be pinned. */
export async function runPin(inputs: readonly string[], flags: PinFlags, io: Io): Promise<number> {
  const { stdin, environment, today } = io;
  const wish = toPinWish(inputs, flags);
  const plan = await withProgress(io, flags.quiet ?? false, (progress) =>
    planPins(wish, { stdin, environment, today, progress }),
  );
  const written = flags.write === true && plan.files.length > 0;
  if (written) await applyPins(plan);
  await writeOutput(render(plan, written, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  const waits = plan.files.length > 0 && !written;
  return waits || plan.answer.unpinned.length > 0 ? 1 : 0;
}
