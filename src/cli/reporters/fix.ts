// The edits of `fix` for a terminal: the diff of each file, what that closes, and what is left for a person.

import type { FixAnswer } from '../../app/fix/fix-answer.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import { decisionLines } from './decisions.ts';
import { diffLines } from './diff-lines.ts';
import type { ProgramLook } from './look.ts';
import { unreadLines } from './unread.ts';
import { count, ownerWords, subjectOf } from './words.ts';

function findingLine({ check, subject, message }: FixAnswer['proof']['opened'][number]): string {
  return `${visible(subjectOf(subject))}  ${visible(message)}  ${check}`;
}

function proofLines(proof: FixAnswer['proof'], { style, width }: Pick<ProgramLook, 'style' | 'width'>): string[] {
  const { before, after, opened, expected } = proof;
  const none =
    expected.length === 0 ? 'none of them new' : 'new are only those that choices bring along or that were hidden';
  const again = `Judged again: ${before} failed before, ${after} after${opened.length === 0 ? `, ${none}` : ''}.`;
  return [
    ...hang(`  ${opened.length === 0 ? style.good('✓') : style.bad('✗')} `, again, width),
    ...opened.flatMap((finding) => hang('    ', `new: ${findingLine(finding)}`, width)),
    ...expected.flatMap((finding) => hang('    ', `now seen: ${findingLine(finding)}`, width)),
    '',
  ];
}

function summary({ files, fixed, proof }: FixAnswer, written: boolean, { style, width }: ProgramLook): string[] {
  if (files.length === 0)
    return [...hang('  ', 'Nothing that could be edited without a decision of yours.', width), ''];
  const created = files.filter(({ isNew }) => isNew).length;
  const edited = files.length - created;
  const verbs = written ? ['Edited', 'wrote'] : ['Would edit', 'write'];
  const parts = [
    ...(edited > 0 || created === 0 ? [`${verbs[0]} ${count(edited, 'file')}`] : []),
    ...(created > 0
      ? [`${edited > 0 ? verbs[1] : written ? 'Wrote' : 'Would write'} ${count(created, 'new file')}`]
      : []),
  ];
  const what = `${parts.join(' and ')}: ${count(fixed.length, 'finding')} put right.`;
  return [...hang('  ', what, width), ...proofLines(proof, { style, width })];
}

function refusedLines({ refused }: FixAnswer, { style, width }: ProgramLook): string[] {
  if (refused.length === 0) return [];
  const rows = new Map<string, { readonly checks: Set<string>; readonly head: string; readonly reason: string }>();
  for (const { check, subject, reason } of refused) {
    const head = visible(subjectOf(subject));
    const key = `${head}\n${reason}`;
    const row = rows.get(key) ?? { checks: new Set(), head, reason: visible(reason) };
    rows.set(key, { ...row, checks: row.checks.add(check) });
  }
  const told = [...rows.values()].map(({ head, checks, reason }) => `${head}  ${[...checks].join(', ')}: ${reason}`);
  return [`  ${style.bold('Not edited')}`, ...told.flatMap((row) => hang('    ', row, width)), ''];
}

function noticeLines({ notices }: FixAnswer, { width }: ProgramLook): string[] {
  return notices.length === 0 ? [] : [...notices.flatMap((notice) => hang('  ', visible(notice), width)), ''];
}

/** What policies put right, which are written where they are asked for. */
const byPolicies = /^(?:(?:in|e)gress-not-isolated|default-deny-(?:in|e)gress)$/;

function leftLines({ left, network }: FixAnswer, { style, width, program }: ProgramLook): string[] {
  if (left.length === 0) return [];
  const rows = left.map(({ check, findings, owner }) => {
    const who = owner === 'developer' ? '' : `, ${ownerWords[owner]}`;
    const how = network === undefined && byPolicies.test(check) ? `  ${program} fix network` : '';
    return `${String(findings).padStart(6)}  ${check}${style.dim(who + how)}`;
  });
  return [...hang(`  ${style.bold('Left for a person')}  `, `${program} explain CHECK says more`, width), ...rows, ''];
}

function stars(level: number): string {
  return '●'.repeat(level) + '○'.repeat(4 - level);
}

/** How far it leads on each leg, and the order in which to roll it out. */
function goalLines({ goal }: FixAnswer, { style, width }: ProgramLook): string[] {
  if (goal === undefined) return [];
  const legLines = goal.legs.flatMap(({ leg, target, before, after, developer }) => {
    const levels = `${stars(before)} → ${stars(after)}`;
    const own =
      developer === after
        ? `level ${after}`
        : `level ${after}; ${developer} by what a developer can do, the rest is for others`;
    return hang(`    ${leg.padEnd(11)} ${levels}  `, `${own}; ${target} is wanted`, width);
  });
  const steps = goal.steps.flatMap(({ title, why, checks, findings }, index) => [
    ...hang(`    ${index + 1}  `, `${title}: ${count(findings, 'change')} (${checks.join(', ')})`, width),
    ...hang('       ', why, width).map((line) => style.dim(line)),
  ]);
  const unknown = goal.unknown.flatMap(({ settledBy, checks }) =>
    hang(`${String(checks).padStart(6)}  `, settledBy, width),
  );
  return [
    `  ${style.bold('Levels')}`,
    ...legLines,
    '',
    ...(steps.length === 0 ? [] : [`  ${style.bold('In this order')}`, ...steps, '']),
    ...(unknown.length === 0
      ? []
      : [`  ${style.bold('Not known from here')}  checks, and what settles them`, ...unknown, '']),
  ];
}

const uncalledAdvice =
  'Who calls them may stand in the code of a program, and in no setting: look at the traffic where the app runs and give --flows FILE, or close them with --close-uncalled.';

/** What the policies keep, what they close, and what the evidence left open. */
function networkLines({ network }: FixAnswer, { style, width }: ProgramLook): string[] {
  if (network === undefined) return [];
  const { policies, connections, kept, records, cut, uncalled, leftOpen, decisions } = network;
  const isOpen = leftOpen.length > 0;
  const mark = cut.some(({ isThere }) => isThere) ? style.bad('✗') : isOpen ? style.warn('!') : style.good('✓');
  const words = `${count(policies, 'network policy', 'network policies')}: ${kept} of ${count(connections, records > 0 ? 'connection' : 'declared connection')} ${records > 0 ? 'declared or seen ' : ''}kept, all else closed${isOpen ? ' but what nobody is known to call' : ''}.`;
  return [
    ...hang(`  ${mark} `, words, width),
    ...cut.flatMap(({ from, to, port, why, isThere }) =>
      hang(isThere ? '    would be cut: ' : '    closed: ', visible(`${from} → ${to}, ${port}: ${why}`), width),
    ),
    ...uncalled.flatMap(({ service, port }) =>
      hang(
        '    closed, as nobody is known to call it: ',
        visible(`${service} ${port} (--keep-uncalled leaves it open)`),
        width,
      ),
    ),
    ...leftOpen.flatMap(({ service, port }) =>
      hang('    left open for the pods of its namespace: ', visible(`${service} ${port}`), width),
    ),
    ...(isOpen ? hang('    ', uncalledAdvice, width).map(style.dim) : []),
    ...decisions.flatMap(({ about, done, advice }) => hang('    ', visible(`${about}: ${done}. ${advice}`), width)),
    '',
  ];
}

/** What somebody else than the files must hold before the app runs. */
function secretLines({ secrets = [] }: FixAnswer, { style, width }: ProgramLook): string[] {
  if (secrets.length === 0) return [];
  const rows = secrets.flatMap(({ namespace, name, keys, readBy }) => {
    const what = keys.length === 0 ? 'every key that the program reads' : keys.join(', ');
    return hang(`    ${visible(`${namespace}/${name}`)}  `, visible(`${what}; read by ${readBy.join(', ')}`), width);
  });
  const head = hang(
    `  ${style.bold('Secrets to make')}  `,
    'no file holds them: the pods start once they are there',
    width,
  );
  return [...head, ...rows, ''];
}

type Rendering = NonNullable<FixAnswer['renderings']>[number];

function renderingText({ unit, kind, changed, created, removed = 0, unchanged }: Rendering): string {
  const what = `the ${kind === 'helm' ? 'chart' : 'kustomization'} ${visible(unit)}`;
  const parts = [
    ...(changed === 0 ? [] : [count(changed, 'object')]),
    ...(created === 0 ? [] : [count(created, 'new object')]),
  ];
  const gives = parts.length === 0 ? [] : [`gives ${parts.join(' and ')} exactly as planned`];
  const loses = removed === 0 ? [] : [`loses ${count(removed, 'object')} as planned`];
  return `Rendered again, ${what} ${[...gives, ...loses].join(', ')}, and ${unchanged} as before.`;
}

/** That charts and kustomizations were rendered again, and what came of it. */
function renderingLines({ renderings = [] }: FixAnswer, { style, width }: ProgramLook): string[] {
  return renderings.flatMap((rendering) => hang(`  ${style.good('✓')} `, renderingText(rendering), width));
}

/** Patches behind a chart hold only where Helm runs them: how that is done from now on. */
function postRenderLines({ renderings = [] }: FixAnswer, { style, width }: ProgramLook): string[] {
  const uses = renderings.flatMap(({ unit, postRender }) =>
    postRender === undefined ? [] : [{ unit, ...postRender }],
  );
  return uses.flatMap(({ unit, overlay, script, plugin }) => [
    ...hang(
      `  ${style.bold('From now on')}  `,
      visible(`Helm is told of ${overlay} whenever ${unit} is deployed, or what is patched there is lost`),
      width,
    ),
    ...hang('    Helm 3  ', visible(`helm upgrade --install NAME ${unit} --post-renderer ${runnable(script)}`), width),
    ...hang('    Helm 4  ', visible(`helm plugin install ${overlay}, once where it is deployed from; then`), width),
    ...hang('            ', visible(`helm upgrade --install NAME ${unit} --post-renderer ${plugin}`), width),
    '',
  ]);
}

/** Helm looks for a name without a folder on PATH. */
function runnable(script: string): string {
  return /^[./]/.test(script) ? script : `./${script}`;
}

export function renderFix(answer: FixAnswer, written: boolean, look: ProgramLook): string {
  const { files, proof } = answer;
  const isWaiting = !written && files.length > 0;
  const isCut = answer.network?.cut.some(({ isThere }) => isThere) === true;
  const advice = isCut
    ? 'Nothing is written while a policy would cut what is declared.'
    : proof.opened.length > 0
      ? 'Nothing is written while an edit would open a new finding: name the checks to fix one by one.'
      : `${look.program} fix --write, with the same words, writes this.`;
  return [
    '',
    ...diffLines(
      answer.files.map(({ diff }) => diff),
      look.style,
    ),
    ...unreadLines(answer.unreadable, look),
    ...(answer.unreadable.length === 0 ? [] : ['']),
    ...refusedLines(answer, look),
    ...decisionLines(answer, look),
    ...leftLines(answer, look),
    ...goalLines(answer, look),
    ...networkLines(answer, look),
    ...secretLines(answer, look),
    ...noticeLines(answer, look),
    ...renderingLines(answer, look),
    ...postRenderLines(answer, look),
    ...summary(answer, written, look),
    ...(isWaiting ? [...hang('  ', advice, look.width), ''] : []),
  ].join('\n');
}
