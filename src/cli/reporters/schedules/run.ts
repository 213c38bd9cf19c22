// A run that is begun by hand, before and after.

import type { BegunRun } from '../../../app/schedules/run-schedule.ts';
import type { ScheduleRun, ScheduleView } from '../../../backup/index.ts';
import { visible } from '../../style.ts';
import type { PlanLook } from '../plan.ts';
import { factLines, keepsText, namespacesText, textOf } from './words.ts';

/** Before it begins. */
export function renderToRun(view: ScheduleView, look: PlanLook): string {
  const { namespace, name, includes, excludes, store, keeps, drill } = view;
  const rows =
    drill === undefined
      ? ([
          ['saves', namespacesText(includes, excludes)],
          ['into', visible(store)],
          ['keeps', keepsText(keeps)],
        ] as const)
      : ([
          ['tries', visible(`the newest whole backup of ${drill.of}`)],
          ['restores', visible(drill.fences.map(([from, to]) => `${from} into ${to}`).join(', '))],
          ['from', visible(store)],
        ] as const);
  return textOf(['', `  ${look.style.bold(visible(`${namespace}/${name}`))}`, ...factLines(rows, look), '']);
}

export function resultText({ result }: Pick<ScheduleRun, 'result'>, { style }: PlanLook): string {
  if (result === 'running') return style.warn('under way');
  return result === 'succeeded' ? style.good('succeeded') : style.bad('failed');
}

/** `context` as the user named it. */
export function renderBegun({ namespace, name, run }: BegunRun, context: string, look: PlanLook): string {
  const { style, program } = look;
  const where = `Job ${visible(namespace)}/${visible(run.job)}`;
  const state = run.result === 'running' ? style.good('begun') : resultText(run, look);
  const describe = `${program} schedule describe ${visible(name)} -n ${visible(namespace)} --context ${visible(context)}`;
  return textOf([
    `  ${where}  ${state}${run.message === '' ? '' : `: ${visible(run.message)}`}`,
    ...(run.result === 'succeeded' ? [] : [`  ${style.command(describe)}`]),
  ]);
}
