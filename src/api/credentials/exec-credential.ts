// The protocol of login programs: what they are told (`KUBERNETES_EXEC_INFO`) and what they answer (`ExecCredential`).
// Source: client.authentication.k8s.io v1 and v1beta1.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ClusterEntry, LoginProgram } from '../kubeconfig/kubeconfig.ts';
import { present } from '../present.ts';
import type { Credential } from './credentials.ts';

/** The cluster as a login program is told of it. */
export interface ClusterInfo {
  readonly cluster: ClusterEntry;
  /** Content of the certificate authority, PEM; left out where the system's are trusted. */
  readonly authority?: string;
}

function clusterField({ cluster, authority }: ClusterInfo): JsonObject {
  return {
    server: cluster.server,
    ...present<JsonObject>({
      'tls-server-name': cluster.tlsServerName,
      'insecure-skip-tls-verify': cluster.insecure || undefined,
      'certificate-authority-data': authority && Buffer.from(authority).toString('base64'),
      'proxy-url': cluster.proxyUrl,
      'disable-compression': cluster.disableCompression || undefined,
    }),
    config: cluster.loginConfig ?? null,
  };
}

/** Text for `KUBERNETES_EXEC_INFO`. */
export function renderExecInfo(login: LoginProgram, interactive: boolean, info: ClusterInfo): string {
  const spec = { interactive, ...(login.provideClusterInfo ? { cluster: clusterField(info) } : {}) };
  return JSON.stringify({ kind: 'ExecCredential', apiVersion: login.apiVersion, spec });
}

/** A credential and the time in milliseconds since 1970 from which it counts no more. */
export interface ExpiringCredential {
  readonly credential: Credential;
  readonly expires?: number;
}

export type ParsedExecCredential =
  | { readonly ok: true; readonly value: ExpiringCredential }
  | { readonly ok: false; readonly problem: string };

function fail(problem: string): ParsedExecCredential {
  return { ok: false, problem };
}

/** An empty text is no credential: Go's JSON prints what is not set as "". */
function textOf(status: JsonObject, key: string): string | undefined {
  return asString(status[key]) || undefined;
}

function parseExpiry(status: JsonObject): number | undefined {
  const text = textOf(status, 'expirationTimestamp');
  return text === undefined ? undefined : Date.parse(text);
}

function parseStatus(status: JsonObject): ParsedExecCredential {
  const token = textOf(status, 'token');
  const certificate = textOf(status, 'clientCertificateData');
  const key = textOf(status, 'clientKeyData');
  if ((certificate === undefined) !== (key === undefined))
    return fail('gave a client certificate without its key, or the key alone');
  if (token === undefined && certificate === undefined) return fail('gave neither a token nor a client certificate');
  const expires = parseExpiry(status);
  if (Number.isNaN(expires)) return fail('gave an expirationTimestamp that is no time');
  const pair = certificate && key ? { certificate, key } : undefined;
  const credential = present<Credential>({ token, certificate: pair });
  return { ok: true, value: { credential, ...present<ExpiringCredential>({ expires }) } };
}

/** What a login program printed. Problems never quote it: it may hold a token. */
export function parseExecCredential(text: string, apiVersion: string): ParsedExecCredential {
  let root: JsonObject;
  try {
    root = asObject(JSON.parse(text));
  } catch {
    return fail('did not print JSON');
  }
  if (root['kind'] !== 'ExecCredential') return fail('did not print an ExecCredential');
  if (root['apiVersion'] !== apiVersion) return fail(`did not answer in ${apiVersion}, which the kubeconfig asks for`);
  return parseStatus(asObject(root['status']));
}
