// What the server would make of an object, beside what it is: a diff of YAML for a person, without secrets.

import { structuredPatch } from 'diff';
import { withholdSecrets } from '../../../checks/index.ts';
import { renderBlock } from '../../../fixes/text/render-value.ts';
import { stableForm } from '../../../kube/live/stable-form.ts';
import { asObject, type JsonObject } from '../../../model/index.ts';
import type { Written } from '../../../targets/index.ts';

/** What somebody wants of the object, count of replicas included; of a Secret nothing that could be a value. */
function shownForm(object: JsonObject): JsonObject {
  const { replicas } = asObject(object['spec']);
  const form = stableForm(object);
  const whole: JsonObject = replicas === undefined ? form : { ...form, spec: { replicas, ...asObject(form['spec']) } };
  const { data: _data, stringData: _text, ...open } = whole;
  return asObject(withholdSecrets(object['kind'] === 'Secret' ? open : whole, ''));
}

function toYaml(object: JsonObject | undefined): string {
  return object === undefined ? '' : `${renderBlock(shownForm(object), { column: 0, newLine: '\n' })}\n`;
}

/** Hunks with three lines around; '' where the server would change nothing. */
export function showChange(name: string, { before, after }: Written): string {
  const { hunks } = structuredPatch(name, name, toYaml(before), toYaml(after), '', '', { context: 3 });
  if (hunks.length === 0) return '';
  const body = hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    // Of nothing, a diff begins at line 0.
    `@@ -${oldLines === 0 ? 0 : oldStart},${oldLines} +${newLines === 0 ? 0 : newStart},${newLines} @@`,
    ...lines,
  ]);
  return [
    `--- ${before === undefined ? '/dev/null' : name}`,
    `+++ ${after === undefined ? '/dev/null' : name}`,
    ...body,
    '',
  ].join('\n');
}
