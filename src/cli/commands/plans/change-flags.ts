// What the user wrote about changing things, and what it means.

import type { PlanWish } from '../../../app/plans/plan-wish.ts';
import { usualPatience } from '../../../app/plans/watch-workloads.ts';
import { findSecretText } from '../../../checks/index.ts';
import {
  parseWidth,
  repeatInputs,
  type SourceFlags,
  toClusterReading,
  toMilliseconds,
  toNamedCluster,
} from '../../flags.ts';
import type { Io } from '../../io.ts';
import type { PlanLook } from '../../reporters/plan.ts';

export interface ChangeFlags extends SourceFlags {
  readonly yes?: boolean;
  readonly wait?: string;
  readonly keep?: boolean;
  /** Nothing of the change is around workloads that run: they need no looking at. */
  readonly isApart?: boolean;
}

export function lookOf(flags: SourceFlags, io: Io): PlanLook {
  const style = flags.outputFile === undefined ? io.style : io.fileStyle;
  return { style, width: parseWidth(flags.width, io.width), program: io.program, cluster: toNamedCluster(flags) };
}

/** The same for what is shown beside the output. */
export function errorLookOf(flags: SourceFlags, io: Io): PlanLook {
  return { ...lookOf(flags, io), style: io.errorStyle };
}

export function toPlanWish(root: string, flags: ChangeFlags): PlanWish {
  const ready = flags.wait === undefined ? usualPatience.ready : toMilliseconds(flags.wait, 0);
  return {
    root,
    cluster: { ...toClusterReading(flags), context: flags.context },
    keep: flags.keep ?? false,
    patience: { ...usualPatience, ready, ...(flags.isApart === true ? { around: 0 } : {}) },
  };
}

/** Values of charts may be secrets, and a plan is kept: they are not repeated in it. */
function withoutSecrets(value: string): string {
  const [key = '', text = ''] = value.split(/=(.*)/s);
  return findSecretText(key, text) === undefined ? value : `${key}=(withheld)`;
}

/** The command as the user wrote it, for a record. */
export function commandText(command: string, words: readonly string[], flags: SourceFlags): string {
  const { set } = flags;
  const kept = set === undefined ? flags : { ...flags, set: set.map(withoutSecrets) };
  return `nowwhat ${command} ${repeatInputs(words, kept)}`;
}
