// Finds values of the wrong type, outside of the allowed ones, or in the wrong format.

import { schemaCheck } from './schema-problems.ts';
import type { Inventory } from '../../inventory/index.ts';
import { type KubeObject, type Path, valueAt } from '../../model/index.ts';

const addQuotes = 'Put the value in quotes';
const removeQuotes = 'Remove the quotes';

/** The value as the user wrote it: `1.10` and `0777` are other texts than the numbers that they are read as. */
function writtenAt(object: KubeObject, path: Path, { snapshot, positions }: Inventory): string | undefined {
  const text = snapshot.texts[object.source.text];
  if (text === undefined || text.rendered) return undefined;
  const line = text.text.split('\n')[positions.of(object, path).line - 1] ?? '';
  const [, key, written] = /^[\s-]*["']?([^\s"':]+)["']?:\s+([^\s"'#,{}[\]]+)\s*(?:#.*)?$/.exec(line.trimEnd()) ?? [];
  return key === path.at(-1) ? written : undefined;
}

export const invalidField = schemaCheck(
  {
    id: 'invalid-field',
    family: 'api',
    title: 'Fields have values that Kubernetes accepts',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Correct the value.',
    minutes: 5,
  },
  ['wrong-type', 'invalid-enum', 'invalid-format', 'invalid-value'],
  (problem, object, inventory) => {
    const { path, suggestion } = problem;
    const value = valueAt(object.raw, path);
    if (suggestion === removeQuotes && typeof value === 'string')
      return [{ op: 'set', path, value: value === 'true' || (value !== 'false' && Number(value)) }];
    const written = suggestion === addQuotes ? writtenAt(object, path, inventory) : undefined;
    return written === undefined ? undefined : [{ op: 'set', path, value: written }];
  },
);
