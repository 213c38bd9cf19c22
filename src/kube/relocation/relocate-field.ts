// A field of which it is known what stands in it: what becomes of its value.

import { asString, isJsonObject, type Json, type JsonObject, type Path } from '../../model/index.ts';
import type { FieldMeaning } from './reference-fields.ts';
import { relocateText } from './relocate-text.ts';
import type { Notes, Relocation } from './relocation.ts';

export interface FieldPlace {
  readonly path: Path;
  readonly moving: Relocation;
  readonly notes: Notes;
  /** The value is a setting, of which every doubt is told. */
  readonly isSetting?: boolean;
}

type Change = (text: string, place: FieldPlace) => string;

function noteText({ path, notes }: FieldPlace, before: string, after: string): string {
  if (before !== after) notes.rewrites.push({ path, before, after });
  return after;
}

function namespaceName(text: string, place: FieldPlace): string {
  return noteText(place, text, place.moving.namespaces.get(text) ?? text);
}

/** `shop/ca`, and names without a namespace, which need none. */
function namespacedName(text: string, place: FieldPlace): string {
  const slash = text.indexOf('/');
  const moved = slash < 0 ? undefined : place.moving.namespaces.get(text.slice(0, slash));
  return moved === undefined ? plainText(text, place) : noteText(place, text, `${moved}${text.slice(slash)}`);
}

/** As any text, with all that is found in it. */
export function plainText(text: string, { path, moving, notes, isSetting = false }: FieldPlace): string {
  const { text: changed, changes: made, left, lone } = relocateText(text, moving);
  for (const change of made) notes.rewrites.push({ path, ...change });
  for (const each of isSetting ? [...left, ...lone] : left) notes.left.push({ path, ...each });
  return changed;
}

/** Names that only the cluster itself resolves: they are not a public host, whoever answers to them. */
function isInner(host: string, { moving }: FieldPlace): boolean {
  const name = host.replace(/^\*\./, '').toLowerCase();
  if (!name.includes('.') || name === 'localhost') return host !== '*';
  if (/\.svc$|\.local$|\.internal$|^[0-9.]+$/.test(name) || moving.domains.some((each) => name.endsWith(`.${each}`)))
    return true;
  const [service, namespace, ...more] = name.split('.');
  return more.length === 0 && moving.services.has(`${namespace}/${service}`);
}

function routeHost(text: string, place: FieldPlace): string {
  // Istio's `namespace/host`.
  const slash = text.indexOf('/');
  if (slash >= 0) return `${namespaceName(text.slice(0, slash), place)}/${routeHost(text.slice(slash + 1), place)}`;
  const mapped = place.moving.hosts.ofRoute(text);
  const isOwn = isInner(text, place);
  if (mapped !== undefined && !isOwn) return noteText(place, text, mapped);
  if (isOwn) return plainText(text, place);
  place.notes.undecided.push({ path: place.path, host: text });
  return text;
}

/** Traefik's rules: ``Host(`a`, `b`) && PathPrefix(`/x`)``. */
function matchedHosts(text: string, place: FieldPlace): string {
  return text.replaceAll(/(Host(?:SNI)?\()([^)]*)(\))/g, (_whole, open: string, inside: string, close: string) => {
    const made = inside.replaceAll(/([`"'])([^`"']+)\1/g, (_quoted, quote: string, host: string) =>
      host === '*' && open === 'HostSNI(' ? `${quote}${host}${quote}` : `${quote}${routeHost(host, place)}${quote}`,
    );
    return `${open}${made}${close}`;
  });
}

function outsidePlace(text: string, { path, notes }: FieldPlace): string {
  notes.left.push({
    path,
    text,
    reason: 'is a place outside of the cluster: the copy would write where the original does',
  });
  return text;
}

/** Hosts that a controller would publish for the copy too: those without a rule are left out. */
function publishedHosts(text: string, place: FieldPlace): string | undefined {
  const { moving, notes, path } = place;
  const made = text.split(',').flatMap((each) => moving.hosts.ofRoute(each.trim()) ?? []);
  const after = made.join(',');
  notes.rewrites.push({ path, before: text, after });
  return after === '' ? undefined : after;
}

/** Each text in a value: one, or those of a list. */
function inTexts(value: Json, place: FieldPlace, change: Change): Json {
  if (typeof value === 'string') return change(value, place);
  if (!Array.isArray(value)) return value;
  return value.map((each: Json, index) =>
    typeof each === 'string' ? change(each, { ...place, path: [...place.path, index] }) : each,
  );
}

/** A rule of an Ingress: without a host it answers to all. */
function routeRule(rule: JsonObject, place: FieldPlace): JsonObject {
  const host = asString(rule['host']);
  const path = [...place.path, 'host'];
  if (host !== undefined && host !== '') return { ...rule, host: routeHost(host, { ...place, path }) };
  const mapped = place.moving.hosts.ofRoute('*');
  if (mapped === undefined) {
    place.notes.undecided.push({ path, host: '*' });
    return rule;
  }
  place.notes.rewrites.push({ path, before: '*', after: mapped });
  return { ...rule, host: mapped };
}

/** Rules, or the backend of all requests that no rule takes. */
function routeRules(value: Json, place: FieldPlace): Json {
  if (Array.isArray(value))
    return value.map((each: Json, index) =>
      isJsonObject(each) ? routeRule(each, { ...place, path: [...place.path, index] }) : each,
    );
  place.notes.undecided.push({ path: place.path, host: '*' });
  return value;
}

const changes: Readonly<Record<Exclude<FieldMeaning, 'route-rules' | 'published-hosts'>, Change>> = {
  namespace: namespaceName,
  namespaces: namespaceName,
  'namespaced-name': namespacedName,
  'route-host': routeHost,
  'dns-names': routeHost,
  'matched-hosts': matchedHosts,
  'outside-place': outsidePlace,
};

/** `undefined` where the field is left out. */
export function relocateField(meaning: FieldMeaning, value: Json, place: FieldPlace): Json | undefined {
  if (meaning === 'route-rules') return routeRules(value, place);
  if (meaning !== 'published-hosts') return inTexts(value, place, changes[meaning]);
  return typeof value === 'string' ? publishedHosts(value, place) : value;
}
