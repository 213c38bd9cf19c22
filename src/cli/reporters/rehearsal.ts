// A rehearsal for a terminal: what would be sent, and what the target said to it.

import type { CompareAnswer, CompareOutside } from '../../app/compare/compare.ts';
import { type Owner, owners, pushTo } from '../../model/index.ts';
import { hang, padEnd } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count, ownerWords } from './words.ts';

type Trials = Parameters<CompareOutside['agree']>[0]['trials'];
type Rehearsal = NonNullable<CompareAnswer['proof']>;
type Refused = Rehearsal['refused'][number];
type Untried = Rehearsal['untried'][number];

/** Subjects that are named before the rest becomes a number. */
const mostNamed = 6;

const kindWords: Readonly<Record<Refused['kind'], string>> = {
  'not-permitted': 'not permitted to this user',
  'kind-missing': 'a kind that the target does not serve',
  'version-missing': 'a version that the target no longer serves',
  'namespace-missing': 'no such namespace',
  'pod-security': 'pod security',
  quota: 'quota',
  'limit-range': 'limit range',
  admission: 'refused by admission',
  invalid: 'not valid there',
  failed: 'no answer',
};

function listed(names: readonly string[]): string {
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} more`] : [])].map(visible).join(', ');
}

/** What would be sent where, by kind. */
export function renderTrials(trials: Trials, target: string, { style, width }: Look): string {
  const byKind = new Map<string, string[]>();
  for (const { object, isPod } of trials) {
    const kind = isPod ? 'Pod of' : object.kind;
    const where = object.namespace === '' ? object.name : `${object.namespace}/${object.name}`;
    pushTo(byKind, kind, isPod ? `${object.kind} ${where}` : where);
  }
  const room = Math.max(0, ...[...byKind.keys()].map(({ length }) => length));
  return [
    '',
    ...hang(
      '  ',
      `${count(trials.length, 'object')} would be sent to ${target === '.' ? 'the current context' : visible(target)} as a dry run:`,
      width,
    ),
    ...[...byKind].flatMap(([kind, names]) => hang(`    ${padEnd(visible(kind), room)}  `, listed(names), width)),
    ...hang(
      '  ',
      'The target checks, admits and stores nothing; its admission webhooks see them. Values of Secrets are replaced.',
      width,
    ).map(style.dim),
    '',
    '',
  ].join('\n');
}

const obstacleWords: Readonly<Record<Untried['obstacle'], string>> = {
  'definition-in-app': 'its definition comes with the app: apply that first, then ask again',
  'namespace-in-app': 'its namespace comes with the app: apply that first, or name one with --prove-in',
  'webhook-without-dry-run': 'an admission webhook there takes no dry runs',
};

function nameOf({ subject: { kind, namespace, name, pods } }: Refused | Untried): string {
  return `${pods === true ? 'pods of ' : ''}${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** One entry for all that was refused with the same words. */
function refusalLines(refused: readonly Refused[], { style, width }: Look): string[] {
  const groups = new Map<string, Refused[]>();
  for (const each of refused) {
    const key = `${each.kind} ${each.message}`;
    pushTo(groups, key, each);
  }
  return [...groups.values()].flatMap((group) => {
    const { kind, message } = group[0] ?? { kind: 'failed', message: '' };
    const words = hang(' '.repeat(14), visible(message), width);
    return [
      `    ${style.bad(padEnd('refused', 8))}  ${(words[0] ?? '').trimStart()}`,
      ...words.slice(1),
      ...hang(' '.repeat(14), `${kindWords[kind]} · ${listed(group.map(nameOf))}`, width).map(style.dim),
    ];
  });
}

function ownerLines(owner: Owner, { refused }: Rehearsal, look: Look): string[] {
  const own = refused.filter((each) => each.owner === owner);
  if (own.length === 0) return [];
  return [
    `  ${look.style.bold(`${ownerWords[owner]}: ${count(own.length, 'refusal')}`)}`,
    ...refusalLines(own, look),
    '',
  ];
}

function untriedLines({ untried }: Rehearsal, { style, width }: Look): string[] {
  if (untried.length === 0) return [];
  const reasons = [...new Set(untried.map(({ obstacle }) => obstacle))];
  return [
    `  ${style.bold(`Could not be tried: ${count(untried.length, 'object')}`)}`,
    ...reasons.flatMap((reason) => {
      const names = untried.filter(({ obstacle }) => obstacle === reason).map(nameOf);
      return [
        ...hang('    ', obstacleWords[reason], width),
        ...hang(' '.repeat(14), listed(names), width).map(style.dim),
      ];
    }),
    '',
  ];
}

function grantLines({ grant }: Rehearsal, { style }: Look): string[] {
  if (grant === '') return [];
  const lines = grant.trimEnd().split('\n');
  return [
    `  ${style.bold('Roles that would permit it, to be bound to the user')}`,
    ...lines.map((line) => `    ${visible(line)}`),
    '',
  ];
}

function warningLines({ warnings }: Rehearsal, { style, width }: Look): string[] {
  if (warnings.length === 0) return [];
  return [
    `  ${style.bold('The target warned')}`,
    ...warnings.flatMap((text) => hang('    ', visible(text), width)),
    '',
  ];
}

/** Told only where the control was not refused: then the dry run shows nothing. */
function controlLines({ control }: Rehearsal, { style, width }: Look): string[] {
  if (control === undefined || control.refused) return [];
  const text = `It accepts ${control.what} as well: these answers prove nothing.`;
  return [...hang(`  ${style.bad('✗')} `, visible(text), width), ''];
}

/** The target's verdict, what it refused by who acts, its warnings. */
export function proofLines(proof: Rehearsal, look: Look): string[] {
  const { style } = look;
  const { context, namespace, tried, accepted } = proof;
  const stand = namespace === undefined ? '' : `, in namespace ${visible(namespace)}`;
  const said = `Dry run on ${visible(context)}${stand}: ${accepted} of ${tried} accepted`;
  return [
    `  ${accepted === tried ? style.good(said) : style.bold(said)}`,
    '',
    ...controlLines(proof, look),
    ...owners.flatMap((owner) => ownerLines(owner, proof, look)),
    ...untriedLines(proof, look),
    ...grantLines(proof, look),
    ...warningLines(proof, look),
  ];
}
