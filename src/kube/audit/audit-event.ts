// One event of the API server's audit log: who asked for what, whether it was allowed, and when.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { AccessRequest } from '../rbac-authorizer.ts';
import { parseRequestPath, selectedName } from './request-info.ts';

export interface AuditUser {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

export interface AuditRecord {
  /** One of a request; its stages share it. '' where the log has none. */
  readonly id: string;
  readonly stage: string;
  /** Who asked. */
  readonly user: AuditUser;
  /** For whom, where somebody spoke for somebody else. */
  readonly impersonated?: AuditUser;
  /** As the authorizer was asked: with a name only where Kubernetes honours one. */
  readonly request: AccessRequest;
  /** `unknown`: the event tells of no outcome, or of one that came before anybody was asked. */
  readonly decision: 'allowed' | 'denied' | 'unknown';
  /** True for a patch or update that made the object, for which the server asks for `create` as well. */
  readonly hasCreated: boolean;
  /** Milliseconds since 1970; left out where the event has no time. */
  readonly time?: number;
}

function readTexts(value: unknown): string[] {
  return asArray(value).flatMap((each) => asString(each) ?? []);
}

function readUser(value: unknown): AuditUser | undefined {
  const user = asObject(value);
  const name = asString(user['username']);
  if (name === undefined || name === '') return undefined;
  const uid = asString(user['uid']);
  const extra = Object.fromEntries(
    Object.entries(asObject(user['extra'])).map(([key, each]) => [key, readTexts(each)]),
  );
  return { name, groups: readTexts(user['groups']), extra, ...(uid === undefined ? {} : { uid }) };
}

/** Verbs whose requests name no object, whatever the event says: its `objectRef` takes the name out of the body. */
function takesName(verb: string, subresource: string): boolean {
  return verb !== 'deletecollection' && (verb !== 'create' || subresource !== '');
}

type ResourceAccess = Extract<AccessRequest, { readonly resource: string }>;

function resourceAccess({ subresource = '', name = '', ...base }: ResourceAccess): ResourceAccess {
  const named = name !== '' && takesName(base.verb, subresource) ? { name } : {};
  return { ...base, ...(subresource === '' ? {} : { subresource }), ...named };
}

function fromReference(verb: string, reference: JsonObject): AccessRequest | undefined {
  const resource = asString(reference['resource']);
  if (resource === undefined) return undefined;
  return resourceAccess({
    verb,
    group: asString(reference['apiGroup']) ?? '',
    resource,
    subresource: asString(reference['subresource']) ?? '',
    namespace: asString(reference['namespace']) ?? '',
    name: asString(reference['name']) ?? '',
  });
}

/** The path counts: it is what the authorizer saw. `objectRef` is filled up from the body. */
export function toAccess(verb: string, uri: string, reference?: JsonObject): AccessRequest | undefined {
  if (uri === '') return reference && fromReference(verb, reference);
  const info = parseRequestPath(uri);
  if (info.kind === 'url') return { verb, url: info.url };
  const { kind: _, ...rest } = info;
  const name = info.name ?? (verb === 'list' || verb === 'watch' ? selectedName(uri) : undefined);
  return resourceAccess({ verb, ...rest, ...(name === undefined ? {} : { name }) });
}

/** What a GET of a path asks for: an object, a list of them, or what is no resource. */
export function accessToRead(uri: string): AccessRequest | undefined {
  const info = parseRequestPath(uri);
  return toAccess(info.kind === 'resource' && info.name === undefined ? 'list' : 'get', uri);
}

/**
 * What the authorizer's own annotation says; else what the status allows to conclude. 401, 429 and errors of the server may come before
 * anybody is asked.
 */
function readDecision(event: JsonObject, code: number | undefined): AuditRecord['decision'] {
  const decision = asString(asObject(event['annotations'])['authorization.k8s.io/decision']);
  if (decision === 'allow') return 'allowed';
  if (decision === 'forbid' || code === 403) return 'denied';
  if (code === undefined || code === 401 || code === 429 || code >= 500) return 'unknown';
  return 'allowed';
}

const timeFields = ['requestReceivedTimestamp', 'stageTimestamp', 'timestamp'];

function readTime(event: JsonObject): number | undefined {
  const texts = [...timeFields.map((field) => event[field]), asObject(event['metadata'])['creationTimestamp']];
  for (const text of texts) {
    const time = Date.parse(asString(text) ?? '');
    if (Number.isFinite(time)) return time;
  }
  return undefined;
}

/** True for an event of `audit.k8s.io`, v1 and its two betas. */
export function isAuditEvent(value: JsonObject): boolean {
  return value['kind'] === 'Event' && (asString(value['apiVersion']) ?? '').startsWith('audit.k8s.io/');
}

function hasCreated(request: AccessRequest, code: number | undefined): boolean {
  if ('url' in request || request.subresource !== undefined || code !== 201) return false;
  return request.verb === 'patch' || request.verb === 'update';
}

function readRequest(event: JsonObject): AccessRequest | undefined {
  const verb = asString(event['verb']) ?? '';
  return verb === '' ? undefined : toAccess(verb, asString(event['requestURI']) ?? '', asObject(event['objectRef']));
}

/** `undefined` for what is no event, or names nobody and nothing. Source: audit.k8s.io/v1. */
export function parseAuditEvent(event: JsonObject): AuditRecord | undefined {
  const user = readUser(event['user']);
  const request = readRequest(event);
  if (user === undefined || request === undefined) return undefined;
  const impersonated = readUser(event['impersonatedUser']);
  const code = asNumber(asObject(event['responseStatus'])['code']);
  const time = readTime(event);
  return {
    id: asString(event['auditID']) ?? '',
    stage: asString(event['stage']) ?? '',
    user,
    ...(impersonated === undefined ? {} : { impersonated }),
    request,
    decision: readDecision(event, code),
    hasCreated: hasCreated(request, code),
    ...(time === undefined ? {} : { time }),
  };
}
