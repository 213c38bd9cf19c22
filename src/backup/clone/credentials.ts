// Fresh or masked credentials for a copy: each value that is replaced is replaced wherever it stands in the app. Pure.

import { decodeBase64, encodeBase64 } from '../../kube/base64.ts';
import { decodeUtf8, encodeUtf8 } from '../../kube/relocation/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ClonedObject, Decision, SecretNote } from './clone-plan.ts';
import type { SecretRules } from './secret-rules.ts';
import { freshValue, kindOfValue, maskedValue, passwordOf, type ValueKind, withPassword } from './secret-values.ts';

export interface Treating {
  readonly rules: SecretRules;
  readonly made: ReadonlyMap<string, string>;
  readonly random: (bytes: number) => Uint8Array;
}

interface Value {
  readonly secret: string;
  readonly key: string;
  readonly type: string;
  readonly text: string;
}

export function textOf(value: unknown): string | undefined {
  return decodeUtf8(decodeBase64(asString(value) ?? ''));
}

export function isSecret({ place }: ClonedObject): boolean {
  return place.groupResource === 'secrets';
}

function valuesOf({ place, object }: ClonedObject): Value[] {
  const type = asString(object['type']) ?? 'Opaque';
  return Object.entries(asObject(object['data'])).flatMap(([key, value]) => {
    const text = textOf(value);
    return text === undefined || text === '' ? [] : [{ secret: place.name, key, type, text }];
  });
}

const registryTypes = new Set(['kubernetes.io/dockerconfigjson', 'kubernetes.io/dockercfg']);

/** Why a value stays although fresh ones were asked for; a person decides. */
function whyKept(type: string, kind: ValueKind): string | undefined {
  if (registryTypes.has(type)) return 'opens a registry: the copy pulls its images with it';
  if (kind === 'certificate') return 'is a certificate or its key: the copy shows the one of the original';
  return kind === 'issued'
    ? 'was given out by somebody else: the copy acts with the rights of the original'
    : undefined;
}

const mostTries = 20;

/** What is done with the values of all Secrets, decided once for the app. */
export class Credentials {
  readonly notes: SecretNote[] = [];
  readonly decisions: Decision[] = [];
  /** New values by old ones, wherever they stand. */
  private readonly replaced = new Map<string, string>();
  private readonly own = new Map<string, string>();
  private readonly kept = new Set<string>();
  private readonly how: Treating;

  constructor(secrets: readonly ClonedObject[], how: Treating) {
    this.how = how;
    for (const value of secrets.flatMap(valuesOf)) this.decide(value);
  }

  /** Nothing of the app is replaced. */
  get isIdle(): boolean {
    return this.replaced.size === 0 && this.own.size === 0;
  }

  private decide(value: Value): void {
    const { secret, key, type, text } = value;
    const { treatment, isSaid } = this.how.rules.ofKey(secret, key);
    const kind = kindOfValue(type, key, text);
    if (treatment === 'fresh') this.freshen(value, kind, isSaid);
    else if (treatment === 'mask') this.mask(value, kind);
    else if (isSaid) this.kept.add(`${secret}/${key}`);
  }

  private freshen(value: Value, kind: ValueKind, isSaid: boolean): void {
    const { secret, key, type, text } = value;
    const why = isSaid && kind === 'issued' ? undefined : whyKept(type, kind);
    if (why !== undefined)
      return void this.decisions.push({
        object: `Secret ${secret}`,
        text: `${key} ${why}`,
        how: 'replace it in the copy, or say mask or leave-out in --secret-rules',
      });
    const old = kind === 'address' ? passwordOf(text) : kind === 'password' || (isSaid && kind !== 'plain') ? text : '';
    if (old !== undefined && old !== '') this.replace(old, () => this.freshFor(value, old), value, 'fresh');
  }

  /** What an earlier run has made stays: a second run changes nothing. */
  private freshFor({ secret, key, text }: Value, old: string): string {
    const made = this.how.made.get(`${secret}/${key}`);
    const before = made === undefined ? undefined : textOf(made);
    if (before !== undefined) return old === text ? before : (passwordOf(before) ?? old);
    for (let tries = 0; tries < mostTries; tries += 1) {
      const fresh = freshValue(old, this.how.random);
      if (fresh !== old) return fresh;
    }
    return old;
  }

  private mask(value: Value, kind: ValueKind): void {
    const { secret, key, type, text } = value;
    if (kind === 'plain') return;
    if (registryTypes.has(type)) {
      this.own.set(`${secret}/${key}`, type.endsWith('json') ? '{"auths":{}}' : '{}');
      return void this.notes.push({ secret, key, what: 'masked' });
    }
    const password = kind === 'address' ? passwordOf(text) : undefined;
    const old = password === undefined || password === '' ? text : password;
    this.replace(old, () => maskedValue(old), value, 'masked');
  }

  private replace(old: string, make: () => string, { secret, key, text }: Value, what: 'fresh' | 'masked'): void {
    const next = this.replaced.get(old) ?? make();
    if (next === old) return;
    this.replaced.set(old, next);
    if (old === text) this.own.set(`${secret}/${key}`, next);
    this.notes.push({ secret, key, what });
  }

  /** The Secret of the copy. */
  treat({ place, object }: ClonedObject): JsonObject {
    const data = Object.entries(asObject(object['data'])).map(([key, value]) => {
      const where = `${place.name}/${key}`;
      const text = textOf(value);
      if (text === undefined || this.kept.has(where)) return [key, value];
      const next = this.own.get(where) ?? this.inText(text);
      if (next === text) return [key, value];
      const isNoted = this.notes.some((note) => note.secret === place.name && note.key === key);
      if (!isNoted) this.notes.push({ secret: place.name, key, what: 'replaced' });
      return [key, encodeBase64(encodeUtf8(next))];
    });
    return { ...object, ...(object['data'] === undefined ? {} : { data: Object.fromEntries(data) }) };
  }

  /** Old credentials in any text of the app. Short ones are replaced only where they are a password for sure: any word may look like them. */
  inText(text: string): string {
    const whole = this.replaced.get(text);
    if (whole !== undefined && text.length >= shortest) return whole;
    let changed = text;
    const password = passwordOf(text);
    const next = password === undefined ? undefined : this.replaced.get(password);
    if (next !== undefined) changed = withPassword(text, next);
    for (const [old, fresh] of this.replaced)
      if (old.length >= shortest && changed.includes(old)) changed = replaceWord(changed, old, fresh);
    return changed;
  }
}

/** Letters of a credential that no other word is likely to have. */
const shortest = 8;

const wordLetter = /[\p{L}\p{N}_]/u;

/** Not inside of another word. */
function replaceWord(text: string, old: string, fresh: string): string {
  let made = '';
  let from = 0;
  for (let at = text.indexOf(old); at >= 0; at = text.indexOf(old, at + old.length)) {
    const isWord = !wordLetter.test(text.charAt(at - 1)) && !wordLetter.test(text.charAt(at + old.length));
    made += text.slice(from, at) + (isWord ? fresh : old);
    from = at + old.length;
  }
  return made + text.slice(from);
}
