// Proofs for a terminal: what each shows, from when it is, and what has made it stale.

import type { ListedProof, ProofsAnswer } from '../../app/records/list-proofs.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { PlanLook } from './plan.ts';
import { count } from './words.ts';

function sign({ proof, freshness }: ListedProof, { style }: PlanLook): string {
  if (proof.result === 'fails') return style.bad('✗');
  if (freshness.state === 'fresh') return style.good('✓');
  return freshness.state === 'stale' ? style.warn('!') : style.info('?');
}

/** Plain words on when the app was so: what it has become since, a later look tells. */
function comparedText({ comparison }: ListedProof['proof']): string {
  if (comparison === undefined) return '';
  const { text, time = '' } = comparison;
  return `: ${text}${time === '' ? '' : `, as of ${time.slice(0, 16).replace('T', ' ')} UTC`}`;
}

function stateText({ proof, freshness }: ListedProof): string {
  const result = proof.result === 'fails' ? 'fails, ' : '';
  if (freshness.state === 'stale') return `${result}stale: ${freshness.changed.join('; ')}`;
  if (freshness.state === 'fresh') return `${result}fresh${comparedText(proof)}`;
  return `${result}not looked at: ${freshness.unread.join('; ')}`;
}

function figuresText({ figures }: ListedProof['proof']): string {
  return Object.entries(figures)
    .map(([name, figure]) => `${visible(name)} ${visible(String(figure))}`)
    .join(', ');
}

function proofLines(listed: ListedProof, look: PlanLook): string[] {
  const { proof } = listed;
  const { style, width } = look;
  const control = proof.negativeControl;
  const figures = figuresText(proof);
  return [
    ...hang(`  ${sign(listed, look)} `, visible(proof.claim), width),
    ...hang('    ', `${proof.time.slice(0, 10)}, ${visible(stateText(listed))}`, width).map(style.dim),
    ...(figures === '' ? [] : hang('    ', figures, width).map(style.dim)),
    ...(control === undefined
      ? []
      : hang(
          '    ',
          `negative control: ${visible(control.what)} ${control.failed ? 'failed, as it had to' : 'did not fail'}`,
          width,
        ).map(style.dim)),
    ...hang('    ', visible(proof.command), width).map(style.command),
    '',
  ];
}

export function renderProofs({ proofs, damaged, folder }: ProofsAnswer, look: PlanLook): string {
  const head = proofs.length === 0 ? 'No proof was recorded' : count(proofs.length, 'proof');
  return [
    '',
    ...hang('  ', `${head} in ${visible(folder)}`, look.width),
    '',
    ...proofs.flatMap((listed) => proofLines(listed, look)),
    ...damaged.flatMap((what) => [...hang(`  ${look.style.bad('✗')} `, visible(what), look.width), '']),
  ].join('\n');
}
