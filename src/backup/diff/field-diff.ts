// The fields in which two objects differ; items of lists are told apart by what names them, so that one that was put in front changes nothing else. Pure.

import {
  asString,
  digitsOf,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  valueAt,
} from '../../model/index.ts';
import { isSecret } from '../browse/mask-secret.ts';

export interface FieldChange {
  /** As a JSON pointer, with items of lists by what names them: `/spec/template/spec/containers/[name=web]/image`. */
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Left out where there is none, and where it is a Secret's. */
  readonly before?: Json;
  readonly after?: Json;
  /** The values are a Secret's and not told. */
  readonly withheld?: true;
}

/** What names an item of a list in Kubernetes' own kinds, the most telling first. */
const namingFields = [
  'name',
  'key',
  'mountPath',
  'devicePath',
  'containerPort',
  'port',
  'ip',
  'type',
  'topologyKey',
  'uid',
] as const;

type Named = ReadonlyMap<string, JsonObject>;

function scalarOf(value: Json | undefined): string | undefined {
  return digitsOf(value) ?? asString(value);
}

function namedBy(items: readonly Json[], field: string): Named | undefined {
  const named = new Map<string, JsonObject>();
  for (const item of items) {
    const name = isJsonObject(item) ? scalarOf(item[field]) : undefined;
    if (name === undefined || !isJsonObject(item) || named.has(name)) return undefined;
    named.set(name, item);
  }
  return named;
}

interface Paired {
  readonly field: string;
  readonly before: Named;
  readonly after: Named;
}

function pair(before: readonly Json[], after: readonly Json[]): Paired | undefined {
  for (const field of namingFields) {
    const [one, other] = [namedBy(before, field), namedBy(after, field)];
    if (one !== undefined && other !== undefined) return { field, before: one, after: other };
  }
  return undefined;
}

function step(key: string | number): string {
  return `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

class FieldDiff {
  readonly changes: FieldChange[] = [];

  visit(before: Json | undefined, after: Json | undefined, path: string): void {
    if (isSameJson(before, after)) return;
    if (isJsonObject(before) && isJsonObject(after)) this.visitFields(before, after, path);
    else if (Array.isArray(before) && Array.isArray(after))
      this.visitItems(before as readonly Json[], after as readonly Json[], path);
    else this.note(before, after, path);
  }

  private note(before: Json | undefined, after: Json | undefined, path: string): void {
    const change = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
    const values = { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
    this.changes.push({ path, change, ...values });
  }

  private visitFields(before: JsonObject, after: JsonObject, path: string): void {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      this.visit(valueAt(before, [key]), valueAt(after, [key]), `${path}${step(key)}`);
  }

  private visitItems(before: readonly Json[], after: readonly Json[], path: string): void {
    const paired = pair(before, after);
    if (paired === undefined) {
      if (before.length !== after.length) return this.note(before, after, path);
      for (const [index, item] of before.entries()) this.visit(item, after[index], `${path}${step(index)}`);
      return;
    }
    const names = new Set([...paired.before.keys(), ...paired.after.keys()]);
    const known = this.changes.length;
    for (const name of names)
      this.visit(paired.before.get(name), paired.after.get(name), `${path}${step(`[${paired.field}=${name}]`)}`);
    if (this.changes.length === known) this.note(before, after, path);
  }
}

const secretFields = /^\/(?:data|stringData|metadata\/annotations)(?:\/|$)/;

/** Of a Secret's values only the key: one change for each, without what it was and is. */
function withhold(changes: readonly FieldChange[]): FieldChange[] {
  return changes.flatMap((each): FieldChange[] => {
    if (!secretFields.test(each.path)) return [each];
    const { path, change, before, after } = each;
    const inside = path.split('/').length > (path.startsWith('/metadata/') ? 3 : 2);
    const value = before ?? after;
    // A whole map came or went: each of its keys is one that did.
    if (!inside && isJsonObject(value))
      return Object.keys(value).map((key): FieldChange => ({ path: `${path}${step(key)}`, change, withheld: true }));
    return [{ path, change, withheld: true }];
  });
}

/** In the order of the fields of `before`. Values of Secrets never stand in it. */
export function diffFields(before: JsonObject, after: JsonObject): readonly FieldChange[] {
  const diff = new FieldDiff();
  diff.visit(before, after, '');
  return isSecret(before) || isSecret(after) ? withhold(diff.changes) : diff.changes;
}
