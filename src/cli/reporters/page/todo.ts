// How much is to do for whom, and how to hand over what is not the reader's own.

import { owners } from '../../../model/index.ts';
import { ownerWords } from '../words.ts';
import { command, joinOrStack, labelled, room, type Section } from './section.ts';

export const renderTodo: Section = ({ todo, role }, options) => {
  const { style, program, again } = options;
  const busy = owners.filter((owner) => todo[owner] > 0);
  if (busy.length === 0) return [];
  const counts = joinOrStack(
    busy.map((owner) => `${ownerWords[owner]} ${todo[owner]}`),
    room(options),
  );
  const receiver = busy.find((owner) => owner !== (role ?? 'developer') && owner !== 'developer');
  const handOver =
    receiver === undefined
      ? []
      : [command(`${program} request --role ${receiver} ${again}`, 'a note to hand over', options)];
  return labelled(style.bold('To do'), [...counts, ...handOver], options);
};
