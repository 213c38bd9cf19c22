// Pod Security for a terminal: for each namespace the level it can hold, what stands in the way of the next, and the labels step by step.

import type {
  Blocker,
  LabelStep,
  NamespaceStanding,
  PodSecurityAnswer,
  TriedLabel,
} from '../../app/security/pod-security.ts';
import { groupBy, kubectlCommand, type NamedCluster } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count, ownerWords } from './words.ts';

interface PodSecurityLook extends Look {
  readonly cluster: NamedCluster;
}

/** `capabilities_restricted` is the control of the field `capabilities`. */
function fieldOf({ control }: Blocker): string {
  return control.replace(/_.*/, '');
}

interface Row {
  readonly who: string;
  readonly fields: string;
}

function originOf({ madeBy, addedInCluster }: Blocker): string {
  const added = addedInCluster === true ? ' in its pods only: something in the cluster puts it in' : '';
  return `${added}${madeBy === undefined ? '' : ` made by ${madeBy.kind} ${madeBy.name}`}`;
}

/** One row for each workload: which fields, in which containers. */
function rowsOf(blockers: readonly Blocker[], isLive: boolean): Row[] {
  const byWho = groupBy(blockers, (blocker) => {
    const { subject, position } = blocker;
    const place = isLive ? '' : ` ${position.file}:${position.line}`;
    return `${subject.kind} ${subject.name}${originOf(blocker)}${place}`;
  });
  return [...byWho].map(([who, own]) => ({
    who,
    fields: [...groupBy(own, fieldOf)]
      .map(([field, list]) => {
        const containers = [...new Set(list.flatMap(({ container }) => container ?? []))];
        return `${field}${containers.length === 0 ? '' : ` (${containers.join(', ')})`}`;
      })
      .join(', '),
  }));
}

function blockerLines(
  { blockers, next }: NamespaceStanding,
  isLive: boolean,
  { style, width }: PodSecurityLook,
): string[] {
  if (next === undefined || blockers.length === 0) return [];
  // Of files, positions of one workload differ by field: the first is where to start.
  const firsts = new Map<string, Blocker['position']>();
  const placed = blockers.map((blocker) => {
    const key = `${blocker.subject.kind}/${blocker.subject.name}`;
    const position = firsts.get(key) ?? blocker.position;
    firsts.set(key, position);
    return { ...blocker, position };
  });
  return [
    `    ${style.bold(`In the way of ${next}`)}`,
    ...rowsOf(placed, isLive).flatMap(({ who, fields }) => [
      ...hang('      ', visible(who), width),
      ...hang('        ', visible(fields), width).map(style.dim),
    ]),
  ];
}

function commandOf(namespace: string, { labels }: LabelStep, cluster: NamedCluster): string {
  const words = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return kubectlCommand(['label', '--overwrite', 'namespace', namespace, ...words], cluster);
}

function stepLines({ namespace, steps }: NamespaceStanding, { style, width, cluster }: PodSecurityLook): string[] {
  return steps.flatMap((step, index) => [
    ...hang(`    ${index + 1}  `, `${step.title}: ${step.reason}`, width),
    // Whole, for a person to copy.
    `       ${style.command(visible(commandOf(namespace, step, cluster)))}`,
  ]);
}

function levelWords({ labels, holds, judged }: NamespaceStanding): string {
  const now = labels === undefined ? 'its labels are not in the input' : `enforces ${labels.enforce ?? 'nothing'}`;
  const can = holds === 'privileged' ? 'can enforce no level yet' : `can enforce ${holds} today`;
  return `${now}, ${judged === 0 ? 'has no pods' : can}`;
}

function namespaceLines(standing: NamespaceStanding, isLive: boolean, look: PodSecurityLook): string[] {
  const { style, width } = look;
  const name = style.bold(visible(standing.namespace));
  const unseen =
    standing.unseen.length === 0
      ? []
      : hang(
          '    ',
          `As far as can be seen: you may not list ${standing.unseen.map((kind) => kind.replace(/^\//, '')).join(', ')}`,
          width,
        ).map(style.warn);
  const done = standing.steps.length === 0 ? hang(`    ${style.good('✓')} `, 'nothing to be done', width) : [];
  return [
    ...hang(`  ${name}  `, levelWords(standing), width),
    ...unseen,
    ...blockerLines(standing, isLive, look),
    ...stepLines(standing, look),
    ...done,
    '',
  ];
}

const answerWords = {
  admits: 'no pod of today breaks it',
  warns: 'pods of today break it',
  refused: 'did not take it',
};

function triedLines({ tried }: PodSecurityAnswer, { style, width }: PodSecurityLook): string[] {
  if (tried === undefined) return [];
  if (tried.length === 0)
    return [...hang('  ', 'Nothing to ask the cluster: every namespace enforces what it can.', width), ''];
  const line = ({ namespace, level, answer, expected, words }: TriedLabel): string[] => {
    const agrees = answer === expected;
    const mark = answer === 'refused' ? style.warn('?') : agrees ? style.good('✓') : style.bad('✗');
    const said = agrees || answer === 'refused' ? '' : `, and we had expected otherwise`;
    const first = answer === 'admits' ? [] : words.slice(0, 4);
    return [
      ...hang(`    ${mark} `, visible(`${namespace} at ${level}: ${answerWords[answer]}${said}`), width),
      ...first.flatMap((text) => hang('        ', visible(text), width)).map(style.dim),
    ];
  };
  return [`  ${style.bold("The cluster's own answer to a dry run")}`, ...tried.flatMap(line), ''];
}

export function renderPodSecurity(answer: PodSecurityAnswer, look: PodSecurityLook): string {
  const { namespaces, version, context } = answer;
  const place = context === undefined ? '' : ` of ${visible(context)}`;
  const head = `Pod Security ${version} in ${count(namespaces.length, 'namespace')}${place}; labels are for the ${ownerWords['cluster-administrator']}`;
  return [
    '',
    ...hang('  ', head, look.width),
    '',
    ...namespaces.flatMap((standing) => namespaceLines(standing, context !== undefined, look)),
    ...triedLines(answer, look),
  ].join('\n');
}
