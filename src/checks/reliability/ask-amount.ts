// Asks for a request or limit: the number comes from a measurement of the user's, never from us.

import { effectiveResource, type Field } from './resource-fields.ts';
import type { FixChoices } from '../check.ts';
import type { Inventory } from '../../inventory/index.ts';
import { type Path, toText } from '../../model/index.ts';
import { amountOf } from '../questions.ts';
import { asking } from '../fix.ts';
import { compareQuantities, parseQuantity } from '../../kube/quantities.ts';

const examples: Readonly<Record<string, string>> = { cpu: '250m', memory: '256Mi', 'ephemeral-storage': '1Gi' };

const effects = {
  requests: 'as much is set aside on the node, whether it is used or not',
  cpu: 'the container is slowed down when it wants more',
  memory: 'the container is killed and started again when it needs more',
  'ephemeral-storage': 'the pod is evicted when it writes more',
} as const;

/** Asks for the amount: a measurement is a good answer, a guess is not. */
export function askAmount(
  { workload, container, kind, resource }: Field,
  path: Path,
  inventory: Inventory,
): FixChoices {
  const word = kind === 'requests' ? 'request' : 'limit';
  const question = amountOf(`${resource} ${word}`, examples[resource] ?? '1');
  const least = effectiveResource(inventory, { workload, container, kind: 'requests', resource });
  const isBelow = (answer: string): boolean => {
    const [given, wanted] = [parseQuantity(answer), parseQuantity((least ?? 0) as string)];
    return given !== undefined && wanted !== undefined && compareQuantities(given, wanted) < 0;
  };
  const problem = (answer: string): string | undefined =>
    question.problem?.(answer) ??
    (kind === 'limits' && isBelow(answer) ? `is below the request ${toText(least)}` : undefined);
  const words = {
    id: `name-${word}`,
    title: `Set the ${resource} ${word} that was measured`,
    consequence: kind === 'requests' ? effects.requests : effects[resource as keyof typeof effects],
  };
  const example = problem(question.example) === undefined ? question.example : toText(least);
  const choice = asking(words, { ...question, example, problem }, (answer) => [{ op: 'set', path, value: answer }]);
  return { choices: [choice] };
}
