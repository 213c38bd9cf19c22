// What would run in which containers, before it runs.

import type { SamplingIntent } from '../../../app/traffic/traffic.ts';
import { samplingMethods } from '../../../traffic/index.ts';
import type { Io } from '../../io.ts';
import { hang } from '../../layout.ts';
import { visible } from '../../style.ts';
import { count } from '../words.ts';

const mostNamed = 12;

export function renderIntent({ pods, duration, every }: SamplingIntent, { errorStyle, width }: Io): string {
  const names = pods.slice(0, mostNamed).map(({ namespace, pod, containers }) => {
    return `${namespace}/${pod} (${containers.join(' or ')})`;
  });
  const more = pods.length > mostNamed ? [`and ${pods.length - mostNamed} more`] : [];
  const command = samplingMethods[0]?.command.join(' ') ?? '';
  const times = `every ${every / 1000} s for ${duration / 1000} s`;
  return [
    ...hang('  ', `In one container of ${count(pods.length, 'pod')}, ${times}, this will run:`, width),
    `    ${errorStyle.command(command)}`,
    ...hang(
      '  ',
      'or, where there is no cat, the same with busybox, a shell or ss. It only reads; nothing is written or installed.',
      width,
    ),
    ...hang('  ', visible([...names, ...more].join(', ')), width).map(errorStyle.dim),
  ].join('\n');
}
