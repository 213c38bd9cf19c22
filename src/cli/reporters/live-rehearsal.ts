// The plan of a rehearsal beside the app itself, for a terminal: what is made where, for how long, and what may come of it.

import type { LiveRehearsalWish, PreparedLiveRehearsal } from '../../app/network/rehearse-live.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { count } from './words.ts';

const mostNamed = 12;

export function renderLivePlan(
  { plan, context }: PreparedLiveRehearsal,
  { image, within }: Pick<LiveRehearsalWish, 'image' | 'within'>,
  { style, width }: Look,
): string {
  const { namespaces, standIns, policies, probes, remarks, prefix } = plan;
  const names = standIns.map(({ of }) => of);
  const more = names.length > mostNamed ? [`and ${names.length - mostNamed} more`] : [];
  const number = (wanted: string): number => probes.filter(({ kind }) => kind === wanted).length;
  const line = (text: string, indent = '    '): string[] => hang(indent, visible(text), width);
  return [
    ...line(`In the cluster ${context} this will make, beside the app itself, and take back when it is done:`, '  '),
    ...line(`in ${count(namespaces.length, 'namespace')} of the app: ${namespaces.join(', ')}`),
    ...line(
      `${count(standIns.length, 'pod')} of ${image} with the labels of workloads that call; none gets traffic or belongs to a workload`,
    ),
    ...line([...names.slice(0, mostNamed), ...more].join(', '), '      ').map(style.dim),
    ...line(
      `${count(policies.length, 'network policy', 'network policies')}, which hold the app for ${Math.round(within / 1000)} s at most: what lets through first, what closes everything last`,
    ),
    ...line(`a Job without pods, ${prefix}, by which the cluster takes all of it back where this program cannot`),
    ...line(
      `From inside of the stand-ins it connects to pods of the app, and says nothing to them: ${count(number('kept'), 'connection')} that must be kept, ${number('forbidden')} that must be refused, and ${count(number('dns'), 'question')} to the name server.`,
      '  ',
    ),
    ...line(
      'What the app needs, and neither declares nor was seen to do, is cut for that time. A pod that is not ready any more ends it at once.',
      '  ',
    ).map(style.warn),
    ...remarks.flatMap((each) => line(`${each}.`, '  - ')),
    '',
  ].join('\n');
}
