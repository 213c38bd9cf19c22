// Answers for a pod's log: its script's text, cut as the request asks.

import { containersOf } from '../../kube/pod-template.ts';
import { logOf } from '../exec/scripts.ts';
import { nameOf, specOf } from '../objects/edit.ts';
import { requireObject, type Target } from '../objects/target.ts';
import { badRequest } from '../status-error.ts';
import type { Answer, Call } from './call.ts';

/** The container that is meant: the one that is named, or the only one. */
export function containerOf(pod: Parameters<typeof specOf>[0], asked: string | null): string {
  const containers = containersOf(specOf(pod), ['spec']);
  const names = containers.map(({ name }) => name);
  const main = containers.filter(({ role }) => role === 'container').map(({ name }) => name);
  if (asked !== null && asked !== '') {
    if (names.includes(asked)) return asked;
    throw badRequest(`container ${asked} is not valid for pod ${nameOf(pod)}`);
  }
  const [first = ''] = main;
  if (main.length <= 1) return first;
  const choice = `a container name must be specified for pod ${nameOf(pod)}, choose one of: [${main.join(' ')}]`;
  throw badRequest(choice);
}

function tail(text: string, count: number): string {
  const lines = text.split('\n');
  const ends = lines.at(-1) === '' ? 1 : 0;
  return lines.slice(Math.max(0, lines.length - ends - count)).join('\n');
}

export function answerLog(call: Call, target: Target): Answer {
  const { kernel, query, scripts } = call;
  const pod = requireObject(kernel, { ...target, subresource: '' });
  const container = containerOf(pod, query.get('container'));
  const whole = logOf(scripts, { namespace: target.namespace, pod: target.name, container });
  const lines = query.get('tailLines');
  const cut = lines === null ? whole : tail(whole, Number(lines));
  const bytes = query.get('limitBytes');
  const body = bytes === null ? cut : Buffer.from(cut).subarray(0, Number(bytes)).toString();
  return { code: 200, body, contentType: 'text/plain' };
}
