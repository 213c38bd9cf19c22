// Fills parameters into texts of an ApplicationSet, as its generators and its template do: by their names, or as Go templates.

import { renderGoTemplate } from '../../../kube/go-templates/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../model/index.ts';

/** What one Application is made with. */
export type Parameters = JsonObject;

export interface Filling {
  readonly usesGo: boolean;
  /** True where a key that is not there is an error. */
  readonly isStrict: boolean;
  /** Hears of what a Go template asks for and is not known. */
  readonly tell: (reason: string) => void;
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : undefined;
}

function fillText(text: string, parameters: Parameters, { usesGo, isStrict, tell }: Filling): string {
  if (!text.includes('{{')) return text;
  if (!usesGo)
    return text.replaceAll(/\{\{(.*?)\}\}/g, (whole, name: string) => textOf(parameters[name.trim()]) ?? whole);
  const rendered = renderGoTemplate(text, parameters, isStrict);
  if (rendered.ok) return rendered.text;
  tell(rendered.reason);
  return text;
}

/** Texts that nothing is known of stay. */
export function fill(value: Json, parameters: Parameters, filling: Filling): Json {
  if (typeof value === 'string') return fillText(value, parameters, filling);
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => fill(each, parameters, filling));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each ?? null, parameters, filling)]));
}

/** True where nothing is left to be filled in. */
export function isFilled(value: Json | undefined): boolean {
  return !JSON.stringify(value ?? null).includes('{{');
}

/** Keys of maps in maps with dots between, numbers of lists as keys. */
export function flatten(value: JsonObject, before = ''): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [key, each] of Object.entries(value)) {
    if (typeof each === 'object' && each !== null) Object.assign(flat, flatten(each as JsonObject, `${before}${key}.`));
    else flat[before + key] = textOf(each) ?? '';
  }
  return flat;
}
