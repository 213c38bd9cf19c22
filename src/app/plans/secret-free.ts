// Plans and journals are kept and shared: no action that would hold a secret goes into one.

import { findSecretText, withholdSecrets } from '../../checks/index.ts';
import { type Inverse, isSameJson, type PatchOperation, type PlanAction, toText } from '../../model/index.ts';
import { holdsSecretValue } from '../records/parse-record.ts';

const field = /^\s*(?:-\s+)*["']?([^\s"':#][^"':]*)["']?:\s+["']?(.*?)["']?\s*$/;

/** True where a line tells a secret. The line before names the value of a variable. */
function isSecretLine(line: string, before: string): boolean {
  const [, key = '', value = line.trim()] = field.exec(line) ?? [];
  const variable = /name:\s*["']?([\w.-]+)/.exec(before)?.[1];
  const name = key === 'value' && variable !== undefined ? variable : key;
  return value !== '' && findSecretText(name, value) !== undefined;
}

function holdSecretLine(lines: readonly string[]): boolean {
  return lines.some((line, index) => isSecretLine(line, lines[index - 1] ?? ''));
}

/** True where a text has values of a Secret: it is written for one. */
function holdsSecretData(text: string): boolean {
  return /^kind:\s*["']?Secret["']?\s*$/m.test(text) && /^(?:data|stringData):/m.test(text);
}

/** An item may be renamed in the same patch: its value is judged under each of its names. */
function isSecretOperation(operation: PatchOperation, patch: readonly PatchOperation[]): boolean {
  if (operation.op === 'remove') return false;
  const parent = operation.path.slice(0, operation.path.lastIndexOf('/'));
  const key = operation.path.slice(parent.length + 1);
  const named = patch.flatMap((each) =>
    each.path === `${parent}/name` && 'value' in each ? [toText(each.value)] : [],
  );
  const names = key === 'value' && named.length > 0 ? named : [key];
  return names.some((name) => {
    const value = { [name]: operation.value };
    return !isSameJson(withholdSecrets(value, ''), value);
  });
}

/** A patch without its looks at secrets that it takes away or replaces: the version of the object, which every write names, guards them as well. */
export function withoutSecretTests(patch: readonly PatchOperation[]): PatchOperation[] {
  return patch.filter((operation) => operation.op !== 'test' || !isSecretOperation(operation, patch));
}

/** Whether an action would hold the value of a secret. */
export function tellsSecret(action: PlanAction): boolean {
  switch (action.kind) {
    case 'write-file':
      return holdsSecretData(action.content) || holdSecretLine(action.content.split('\n'));
    case 'edit-file':
      return action.changes.some(({ add, remove }) => holdSecretLine(add) || holdSecretLine(remove));
    case 'apply':
    case 'create':
      return holdsSecretValue(action.object) || !isSameJson(withholdSecrets(action.object, ''), action.object);
    case 'patch':
      return action.patch.some((operation) => isSecretOperation(operation, action.patch));
    case 'remove-file':
    case 'delete':
      return false;
  }
}

/** An inverse that may be kept. */
export function keepable(inverse: Inverse): Inverse {
  const isSecret = inverse.kind !== 'none' && tellsSecret(inverse);
  return isSecret ? { kind: 'none', reason: 'what was there before holds a secret, which is not kept' } : inverse;
}
