// Isolation for a terminal: the sensitive workloads with their reasons and what holds them, then the steps with owners.

import type { IsolationAnswer, SensitiveView, StepView } from '../../app/security/isolation.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count, ownerWords, subjectOf } from './words.ts';

function levelGap(enforced: string | undefined): string[] {
  if (enforced === undefined) return ['Pod Security level not known'];
  return enforced === 'none' || enforced === 'privileged' ? ['no Pod Security level'] : [];
}

/** What is missing, in few words; nothing where all is there. */
function gapsOf({ holds }: SensitiveView): string[] {
  const { ingressIsolated, egressIsolated, podSecurity, tokenMounted, quota } = holds;
  const network = ingressIsolated
    ? egressIsolated
      ? []
      : ['open to connect out']
    : [egressIsolated ? 'open to connections' : 'network open'];
  return [
    ...network,
    ...levelGap(podSecurity),
    ...(tokenMounted === true ? ['API token mounted'] : []),
    ...(quota ? [] : ['no quota in the input']),
  ];
}

function strengthsOf({ holds }: SensitiveView): string[] {
  const { ingressIsolated, egressIsolated, podSecurity, runtimeClass, dedicatedNodes, tokenMounted, quota } = holds;
  return [
    ...(ingressIsolated && egressIsolated ? ['network closed'] : []),
    ...(podSecurity === 'baseline' || podSecurity === 'restricted' ? [podSecurity] : []),
    ...(tokenMounted === false ? ['no API token'] : []),
    ...(runtimeClass === undefined ? [] : [`runtime ${runtimeClass}`]),
    ...(dedicatedNodes ? ['nodes of its own'] : []),
    ...(quota ? ['quota'] : []),
  ];
}

function workloadLines(view: SensitiveView, { style, width }: Look): string[] {
  const { subject, position, reasons, cloudIdentityMissing } = view;
  const place = position === undefined ? '' : `  ${position.file}:${position.line}`;
  const gaps = gapsOf(view);
  const strengths = strengthsOf(view);
  return [
    ...hang('  ', `${subjectOf(subject)}${visible(place)}`, width).map(style.bold),
    ...reasons.flatMap(({ text }) => hang('    ', visible(text), width)),
    ...(cloudIdentityMissing === undefined ? [] : hang('    ', visible(cloudIdentityMissing), width).map(style.warn)),
    ...(gaps.length === 0 ? [] : hang(`    ${style.bad('-')} `, gaps.join(', '), width)),
    ...(strengths.length === 0 ? [] : hang(`    ${style.good('+')} `, visible(strengths.join(', ')), width)),
  ];
}

function stepLines(step: StepView, number: number, { style, width }: Look): string[] {
  const { title, reason, owner, subjects, commands, yaml = '', open } = step;
  return [
    ...hang(`  ${style.bold(String(number).padStart(2))}  `, `${title} (${ownerWords[owner]})`, width),
    ...hang('      ', visible(reason), width).map(style.dim),
    ...hang('      ', visible(subjects.join(', ')), width),
    ...commands.map((command) => `      ${style.command(visible(command))}`),
    ...(yaml === '' ? [] : yaml.split('\n').map((line) => `        ${visible(line)}`)),
    ...(open === undefined ? [] : hang('      ', `Not known: ${open}`, width).map(style.warn)),
    '',
  ];
}

function unseenLines({ unseen }: IsolationAnswer, { style, width }: Look): string[] {
  if (unseen.length === 0) return [];
  const kinds = unseen.map((kind) => kind.replace(/^\//, '')).join(', ');
  return hang('  ', visible(`As far as can be seen: you may not list ${kinds}`), width).map(style.warn);
}

export function renderIsolation(answer: IsolationAnswer, look: Look): string {
  const { workloads, looked, steps, context } = answer;
  const where = context === undefined ? '' : ` of ${visible(context)}`;
  const head = `${count(workloads.length, 'sensitive workload')} of ${looked}${where}, the most urgent first`;
  if (workloads.length === 0)
    return [
      '',
      ...hang(
        '  ',
        `None of ${count(looked, 'workload')}${where} keeps data or Secrets, has wide rights, or is reached from outside`,
        look.width,
      ),
      '',
    ].join('\n');
  return [
    '',
    ...hang('  ', head, look.width),
    ...unseenLines(answer, look),
    '',
    ...workloads.flatMap((view) => [...workloadLines(view, look), '']),
    ...(steps.length === 0 ? [] : [`  ${look.style.bold('Plan')}`, '']),
    ...steps.flatMap((step, index) => stepLines(step, index + 1, look)),
  ].join('\n');
}
