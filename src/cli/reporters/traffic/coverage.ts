// What the observation covered and what it did not: without it, "never seen" says nothing.

import type { TrafficReport, Window } from '../../../traffic/index.ts';
import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import { count } from '../words.ts';
import type { Look } from '../look.ts';

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return count(seconds, 'second');
  if (seconds < 7200) return count(Math.round(seconds / 60), 'minute');
  return seconds < 172_800 ? count(Math.round(seconds / 3600), 'hour') : count(Math.round(seconds / 86_400), 'day');
}

/** `2026-11-23 20:00:00 to 20:00:30 UTC (30 seconds), 30 samples in 12 pods`. */
export function windowWords({ start, end, samples, sampled, sources }: Window): string {
  const how = sources.map(({ kind, name, records }) =>
    kind === 'sockets'
      ? `${count(samples ?? 0, 'sample')} in ${count(sampled.length, 'pod')}`
      : `${count(records, 'record')} of ${visible(name)}`,
  );
  if (how.length === 0) return 'nothing was observed: only what is declared';
  if (start === undefined || end === undefined) return how.join(', ');
  const [day, time] = start.replace('Z', '').split('T');
  const [lastDay, lastTime] = end.replace('Z', '').split('T');
  const until = `${day === lastDay ? '' : `${lastDay} `}${lastTime?.slice(0, 8)}`;
  const length = duration(Date.parse(end) - Date.parse(start));
  return `${day} ${time?.slice(0, 8)} to ${until} UTC (${length}), ${how.join(', ')}`;
}

const foldWords = {
  dns: 'DNS',
  probes: 'probes by the kubelet',
  loopback: 'within a pod',
} as const;

function foldedLine({ folded }: TrafficReport): string[] {
  if (folded.length === 0) return [];
  const parts = folded.map(
    (each) => `${foldWords[each.class]} (${count(each.flows, 'flow')} of ${count(each.workloads.length, 'workload')})`,
  );
  return [`Normal everywhere, and folded: ${parts.join(', ')}`];
}

const mostShown = 8;

function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return [];
  const more = items.length > mostShown ? [`and ${items.length - mostShown} more`] : [];
  return [`${title}: ${[...items.slice(0, mostShown), ...more].join('; ')}`];
}

/** Sentences for the foot of the report. */
export function coverageWords(report: TrafficReport): string[] {
  const { window } = report;
  const notes = (list: Window['changes']): string[] =>
    list.map(({ namespace, pod, reason }) => `${namespace}/${pod} ${reason}`);
  return [
    ...foldedLine(report),
    ...listed('Not looked into', notes(window.notSampled)),
    ...listed('Changed within', notes(window.changes)),
    ...listed('Jobs that ran within', window.jobRuns),
    ...listed('Did not run within, so its calls are not covered', window.notRun),
    ...listed('Gaps', window.gaps),
    ...(window.ignoredCount === 0
      ? []
      : listed(
          `Not understood (${count(window.ignoredCount, 'record')})`,
          window.ignored.slice(0, 3).map(({ where, reason }) => `${where} ${reason}`),
        )),
  ];
}

export function coverageLines(report: TrafficReport, { style, width }: Look): string[] {
  return coverageWords(report).flatMap((text) => hang('  ', visible(text), width).map(style.dim));
}
