// The rehearsal of a removal for a terminal: what would be made, and what the API server's authorizer said.

import type { RehearsalIntent, RehearsedSubject, RemovalRehearsal } from '../../../app/roles/rehearse-removal.ts';
import { asObject, asString } from '../../../model/index.ts';
import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import { count } from '../words.ts';
import type { Look } from '../look.ts';

export function renderIntent({ context, objects, questions }: RehearsalIntent, { style, width }: Look): string {
  const names = objects.map(({ kind, metadata }) => {
    const { name, namespace } = asObject(metadata);
    const place = namespace === undefined ? '' : `${asString(namespace) ?? ''}/`;
    return visible(`${asString(kind) ?? ''} ${place}${asString(name) ?? ''}`);
  });
  const what = `${count(objects.length, 'object')} would be made on ${visible(context)} and deleted again, bound to users who do not exist:`;
  const asked = `${count(questions, 'access review')} would ask what these users may do. No account of yours gets or loses a right.`;
  return [
    '',
    ...hang('  ', what, width),
    ...names.flatMap((name) => hang('    ', name, width)),
    ...hang('  ', asked, width).map(style.dim),
    '',
    '',
  ].join('\n');
}

function subjectLines(each: RehearsedSubject, { style, width }: Look): string[] {
  const { kind, namespace, name } = each.subject;
  const mark = (good: boolean): string => (good ? style.good('✓') : style.bad('✗'));
  const { needs, allowed, missing, refusedBefore, forbidden, refused, stillAllowed } = each;
  return [
    `  ${style.bold(visible(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`))}`,
    ...hang(
      `    ${mark(missing.length === 0)} `,
      `${allowed} of ${needs} needs allowed; ${refusedBefore} were refused before the roles were there`,
      width,
    ),
    ...missing.flatMap((text) => hang('      ', `refused: ${visible(text)}`, width)),
    ...hang(
      `    ${mark(stillAllowed.length === 0)} `,
      `${refused} of ${forbidden} refused of what is allowed today and not used`,
      width,
    ),
    ...stillAllowed.flatMap((text) => hang('      ', `still allowed: ${visible(text)}`, width)),
    '',
  ];
}

export function renderRehearsal(rehearsal: RemovalRehearsal, look: Look): string {
  const { style, width } = look;
  const { context, subjects, made, removed, holds } = rehearsal;
  const said = holds ? 'Rehearsed, and it holds' : 'Rehearsed, and it does not hold';
  return [
    ...hang(
      `  ${holds ? style.good(said) : style.bad(said)}  `,
      `on ${visible(context)}: ${count(made, 'object')} made, ${removed} removed again`,
      width,
    ),
    '',
    ...subjects.flatMap((each) => subjectLines(each, look)),
  ].join('\n');
}
