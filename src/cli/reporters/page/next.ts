// The one best next step: what, who, how long, where, and the command that says more.

import { stringWidth, wrap } from '../../layout.ts';
import { visible } from '../../style.ts';
import { effort, ownerWords, placeOf } from '../words.ts';
import { command, labelled, paint, room, type Section } from './section.ts';

/** The title, with who and how long at the end of its line where there is room. */
function headline(title: string, who: string, options: Parameters<Section>[1]): string[] {
  const { style } = options;
  const columns = room(options);
  const gap = columns - stringWidth(title) - stringWidth(who);
  if (gap >= 3) return [`${style.bold(title)}${' '.repeat(Math.min(gap, 6))}${style.dim(who)}`];
  return [...paint(title, style.bold, columns), ...paint(who, style.dim, columns)];
}

export const renderNext: Section = ({ next, role }, options) => {
  const { style, program, again } = options;
  const label = style.bold('Next');
  if (next === undefined) {
    const whom = role === undefined ? '' : ` for the ${ownerWords[role]}`;
    return labelled(
      label,
      paint(`Nothing that this source can tell is left to do${whom}.`, style.good, room(options)),
      options,
    );
  }
  const share = next.subjects > 1 ? `${next.failed} of ${next.subjects}: ` : '';
  const place = placeOf(next.first);
  const lines = [
    ...headline(next.title, `${ownerWords[next.owner]}, ${effort(next.minutes)}`, options),
    ...wrap(`${share}${visible(next.first.message)}`, room(options)),
    ...wrap(next.remediation, room(options)),
    ...(place === '' ? [] : wrap(`${next.failed > 1 ? 'first ' : ''}${place}`, room(options)).map(style.dim)),
    ...(next.first.command === undefined
      ? []
      : [command(`${program} ${visible(next.first.command)}`, 'does it', options)]),
    command(`${program} explain ${next.check}`, 'why, and how to fix it', options),
    command(`${program} check --check ${next.check} ${again}`, 'every place', options),
  ];
  return labelled(label, lines, options);
};
