// A probe for a terminal: what would be asked, and which doors were found open.

import type { ProbePlan, ProbeReport, ProbeResult } from '../../app/probe/probe.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { ProgramLook } from './look.ts';
import { count } from './words.ts';

const places = { outside: 'From this machine', inside: 'From a pod in the cluster' } as const;

interface Row {
  readonly host: string;
  readonly named: string;
  readonly ports: string[];
}

/** One line a host: its ports are asked together. */
function byHost(targets: ProbePlan['looks'][number]['targets']): Row[] {
  const rows = new Map<string, Row>();
  for (const { address, named } of targets) {
    const cut = address.lastIndexOf(':');
    const host = address.slice(0, cut);
    const row = rows.get(host) ?? { host, named, ports: [] };
    const port = address.slice(cut + 1);
    if (!row.ports.includes(port)) row.ports.push(port);
    rows.set(host, row);
  }
  return [...rows.values()];
}

function leftOutLines(leftOut: readonly string[], { style, width }: ProgramLook): string[] {
  return leftOut.length === 0 ? [] : hang('    ', style.dim(`left out: ${leftOut.join(', ')}`), width);
}

/** Ports that are asked, with who names the address; and the pod, where one is made. */
export function renderProbePlan({ context, looks }: ProbePlan, look: ProgramLook): string {
  const { style, width } = look;
  const parts = looks.flatMap(({ from, targets, leftOut, pod }) => [
    `  ${style.bold(places[from])}  ${count(targets.length, 'address', 'addresses')}, one short question or a few each; nothing is changed`,
    ...byHost(targets).flatMap(({ host, named, ports }) =>
      hang(`    ${visible(host)}  `, `${ports.join(' ')}  ${style.dim(visible(named))}`, width),
    ),
    ...leftOutLines(leftOut, look),
    ...(pod === undefined
      ? []
      : ['', ...hang('    ', `Makes this pod and deletes it again: ${visible(podWords(pod))}`, width)]),
    '',
  ]);
  return ['', `  ${visible(context)}`, '', ...parts].join('\n');
}

function podWords(pod: NonNullable<ProbePlan['looks'][number]['pod']>): string {
  const { metadata, spec } = pod as unknown as {
    metadata: { namespace: string; name: string };
    spec: { containers: readonly { image: string }[] };
  };
  return `${metadata.namespace}/${metadata.name}, image ${spec.containers[0]?.image ?? ''}, without rights, as user 65534`;
}

function openLines(results: readonly ProbeResult[], { style, width }: ProgramLook): string[] {
  return results
    .filter(({ state }) => state === 'open')
    .flatMap(({ address, title, named, what = '', severity = 'high', evidence }) => [
      `  ${style.bad('✗')} ${style.bold(visible(title))}  ${visible(address)}  ${style.dim(`${severity}, named by ${visible(named)}`)}`,
      ...hang('    ', `Whoever reaches it may ${what}.`, width),
      ...hang('    ', style.dim(visible(evidence)), width),
    ]);
}

function guardedLines(results: readonly ProbeResult[], { style, width }: ProgramLook): string[] {
  return results
    .filter(({ state }) => state === 'guarded')
    .flatMap(({ address, title, evidence }) =>
      hang(`  ${style.good('✓')} `, `${visible(title)}  ${visible(address)}  ${style.dim(visible(evidence))}`, width),
    );
}

function summary(results: readonly ProbeResult[]): string {
  const of = (state: ProbeResult['state']): number => results.filter((each) => each.state === state).length;
  return [
    `${of('open')} open`,
    `${of('guarded')} ask who is there`,
    `${of('answers')} answer and give nothing away`,
    `${of('closed')} closed`,
    `${of('silent')} silent`,
  ].join(', ');
}

export function renderProbe({ context, looks }: ProbeReport, look: ProgramLook): string {
  const { style, width, program } = look;
  const parts = looks.flatMap(({ from, results, leftOut }) => [
    `  ${style.bold(places[from])}  ${visible(context)}`,
    ...hang('  ', summary(results), width),
    ...leftOutLines(leftOut, look),
    '',
    ...openLines(results, look),
    ...guardedLines(results, look),
    '',
  ]);
  const advice = `Silent is not closed: a firewall that drops, or nothing there. Save it with -o json, and ${program} journey --evidence takes it into the report.`;
  return ['', ...parts, ...hang('  ', style.dim(advice), width), ''].join('\n');
}
