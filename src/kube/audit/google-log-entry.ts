// Events of Google Kubernetes Engine's audit log as Cloud Logging exports them: a LogEntry with an AuditLog as payload.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type AuditRecord, type AuditUser, toAccess } from './audit-event.ts';
import { type AccessRequest, accountGroups, parseAccountUser } from '../rbac-authorizer.ts';

const payloadType = 'type.googleapis.com/google.cloud.audit.AuditLog';

export function isGoogleLogEntry(value: JsonObject): boolean {
  const payload = asObject(value['protoPayload']);
  return payload['@type'] === payloadType && payload['serviceName'] === 'k8s.io';
}

/** `core/v1/namespaces/shop/pods/web` stands for the path `/api/v1/namespaces/shop/pods/web`. */
function toPath(resourceName: string): string {
  const [group = '', ...rest] = resourceName.split('/');
  if (resourceName.startsWith('/') || rest.length < 2) return `/${resourceName.replace(/^\/+/, '')}`;
  return `/${group === 'core' ? 'api' : `apis/${group}`}/${rest.join('/')}`;
}

/** Only of accounts and of everybody with a login: groups are not in the entry. */
function userOf(name: string): AuditUser {
  const account = parseAccountUser(name);
  return {
    name,
    groups: account === undefined ? ['system:authenticated'] : accountGroups(account.namespace),
    extra: {},
  };
}

/** `google.rpc.Code`: 7 is PERMISSION_DENIED, 16 UNAUTHENTICATED. */
function readDecision(payload: JsonObject): AuditRecord['decision'] {
  const code = asNumber(asObject(payload['status'])['code']) ?? 0;
  const [first] = asArray(payload['authorizationInfo']).map(asObject);
  if (code === 16) return 'unknown';
  if (first?.['granted'] === true) return 'allowed';
  return first === undefined && code !== 7 ? 'allowed' : 'denied';
}

function readRequest(payload: JsonObject): AccessRequest | undefined {
  const verb = /[^.]+$/.exec(asString(payload['methodName']) ?? '')?.[0];
  const resourceName = asString(payload['resourceName']) ?? '';
  return verb === undefined || resourceName === '' ? undefined : toAccess(verb, toPath(resourceName));
}

/** `undefined` where the entry names nobody and nothing. Source: Cloud Audit Logs, AuditLog of the service k8s.io. */
export function parseGoogleLogEntry(entry: JsonObject): AuditRecord | undefined {
  const payload = asObject(entry['protoPayload']);
  const name = asString(asObject(payload['authenticationInfo'])['principalEmail']) ?? '';
  const request = readRequest(payload);
  if (name === '' || request === undefined) return undefined;
  const time = Date.parse(asString(entry['timestamp']) ?? '');
  return {
    id: asString(entry['insertId']) ?? '',
    stage: 'ResponseComplete',
    user: userOf(name),
    request,
    decision: readDecision(payload),
    hasCreated: false,
    ...(Number.isFinite(time) ? { time } : {}),
  };
}
