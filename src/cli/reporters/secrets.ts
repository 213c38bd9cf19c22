// Secrets for a terminal: each with its origin and its users, then the steps with owners. Names of keys, never a value.

import type { SecretsAnswer } from '../../app/security/secrets.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count, ownerWords } from './words.ts';

type View = SecretsAnswer['secrets'][number];
type Step = SecretsAnswer['steps'][number];

const originWords = {
  manifest: 'its values stand in the manifests',
  store: 'filled from a store',
  cluster: 'in the cluster; where it comes from is not seen',
  missing: 'named, and not in the input',
  empty: 'empty in the manifests: something else fills it',
} as const;

const wayWords = {
  env: 'as variables',
  all: 'every key as a variable',
  file: 'as files',
  subPath: 'as a file that never changes (subPath)',
  pull: 'to pull images',
  other: '',
} as const;

function originOf({ origin, filledBy, created, immutable }: View): string {
  const by = filledBy === undefined ? originWords[origin] : `filled by ${filledBy.by} (${filledBy.store})`;
  return [by, ...(immutable ? ['immutable'] : []), ...(created === undefined ? [] : [`there since ${created}`])].join(
    ', ',
  );
}

function secretLines(view: View, { style, width }: Look): string[] {
  const { namespace, name, position, keys, uses } = view;
  const place = position === undefined ? '' : `  ${position.file}:${position.line}`;
  const users = uses.map(({ by, container, way }) =>
    [container === undefined ? by : `${by}, container ${container}`, wayWords[way]]
      .filter((part) => part !== '')
      .join(' '),
  );
  return [
    ...hang('  ', visible(`${namespace}/${name}${place}`), width).map(style.bold),
    ...hang('    ', visible(originOf(view)), width),
    ...(keys.length === 0 ? [] : hang('    keys  ', visible(keys.join(', ')), width)),
    ...(users.length === 0
      ? hang('    ', 'nothing in the input uses it', width).map(style.warn)
      : users.flatMap((user) => hang('    → ', visible(user), width))),
    '',
  ];
}

function stepLines(
  { title, reason, owner, subjects, commands }: Step,
  number: number,
  { style, width }: Look,
): string[] {
  return [
    ...hang(`  ${style.bold(String(number).padStart(2))}  `, `${title} (${ownerWords[owner]})`, width),
    ...hang('      ', visible(reason), width).map(style.dim),
    ...subjects.flatMap((subject) => hang('      ', visible(subject), width)),
    ...commands.map((command) => `      ${style.command(visible(command))}`),
    '',
  ];
}

export function renderSecrets(answer: SecretsAnswer, look: Look): string {
  const { secrets, steps, stores, context, unseen } = answer;
  const where = context === undefined ? '' : ` of ${visible(context)}`;
  const filled = stores.length === 0 ? 'no store for secrets is seen' : `filled from ${stores.join(', ')}`;
  const hidden = unseen.map((kind) => kind.replace(/^\//, '')).join(', ');
  return [
    '',
    ...hang('  ', `${count(secrets.length, 'Secret')}${where}; ${filled}`, look.width),
    ...(unseen.length === 0
      ? []
      : hang('  ', visible(`As far as can be seen: you may not list ${hidden}`), look.width).map(look.style.warn)),
    '',
    ...secrets.flatMap((view) => secretLines(view, look)),
    ...(steps.length === 0 ? [] : [`  ${look.style.bold('Plan')}`, '']),
    ...steps.flatMap((step, index) => stepLines(step, index + 1, look)),
  ].join('\n');
}
