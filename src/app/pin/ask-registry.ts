// Asks a registry which digest a tag names now: reads of the OCI distribution API, nothing else.

import { createHash } from 'node:crypto';
import type { ImageReference } from '../../kube/images.ts';
import type { Presence } from '../../backup/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { digestShape, imageKey, type Resolve, type Resolved, tagOf } from './image-name.ts';
import { type Challenge, parseChallenge } from './parse-challenge.ts';
import type { Logins } from './registry-login.ts';

/** Milliseconds for each answer. */
const patience = 20_000;

/** Lists of images for several platforms first: their digest is what every node can pull. */
const mediaTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;

/** Docker Hub answers under another name than its images have. A registry on this machine has no certificate, as docker itself takes it. */
function baseOf(registry: string): string {
  if (registry === 'docker.io') return 'https://registry-1.docker.io';
  return `${loopback.test(registry) ? 'http' : 'https'}://${registry}`;
}

class Refused extends Error {
  /** The registry is sure that it has no such image. */
  readonly isMissing: boolean;

  constructor(message: string, isMissing = false) {
    super(message);
    this.isMissing = isMissing;
  }
}

type Headers = Readonly<Record<string, string>>;

async function ask(url: URL, method: 'GET' | 'HEAD', headers: Headers): Promise<Response> {
  // Registries may lead to their store, but a login must not follow to another host: fetch drops it there by itself.
  return fetch(url, { method, headers, signal: AbortSignal.timeout(patience), redirect: 'follow' });
}

/** A login goes to its registry's own realm, and never in the clear over a network. */
function mayLogin(realm: URL): boolean {
  return realm.protocol === 'https:' || loopback.test(realm.host);
}

function parseRealm({ realm }: Extract<Challenge, { scheme: 'bearer' }>): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !mayLogin(url))
    throw new Refused(`it asks to log in at "${realm}", which is no safe address`);
  return url;
}

async function fetchToken(
  challenge: Extract<Challenge, { scheme: 'bearer' }>,
  { registry, repository }: ImageReference,
  logins: Logins,
): Promise<string> {
  const url = parseRealm(challenge);
  if (challenge.service !== undefined) url.searchParams.set('service', challenge.service);
  url.searchParams.set('scope', challenge.scope ?? `repository:${repository}:pull`);
  const login = logins(registry);
  const answer = await ask(url, 'GET', login === undefined ? {} : { authorization: login });
  if (!answer.ok) throw new Refused(`its login answers with ${answer.status}`);
  const { token, access_token: access } = asObject(await answer.json());
  const text = asString(token) ?? asString(access);
  if (text === undefined) throw new Refused('its login gives no token');
  return `Bearer ${text}`;
}

async function authorize(answer: Response, image: ImageReference, logins: Logins): Promise<string> {
  const challenge = parseChallenge(answer.headers.get('www-authenticate') ?? '');
  if (challenge === undefined) throw new Refused('it asks for a login of an unknown kind');
  if (challenge.scheme === 'bearer') return fetchToken(challenge, image, logins);
  const login = logins(image.registry);
  if (login === undefined) throw new Refused('it asks for a login, and config.json of docker has none for it');
  return login;
}

function reasonOf({ status }: Response, { repository }: ImageReference, reference: string): string {
  if (status === 404) return `it has no "${repository}${reference.includes(':') ? '@' : ':'}${reference}"`;
  if (status === 401 || status === 403) return 'it does not let you read this image';
  return status === 429 ? 'it has had enough requests from here for now' : `it answers with ${status}`;
}

/** Registries must tell the digest; where an old one does not, it is that of the bytes (OCI distribution specification 1.1). */
async function digestOf(answer: Response, url: URL, headers: Headers): Promise<string> {
  const told = answer.headers.get('docker-content-digest') ?? '';
  if (digestShape.test(told)) return told;
  const whole = await ask(url, 'GET', headers);
  if (!whole.ok) throw new Refused(`it answers with ${whole.status}`);
  return `sha256:${createHash('sha256')
    .update(Buffer.from(await whole.arrayBuffer()))
    .digest('hex')}`;
}

/** `reference`: a tag or a digest. */
async function lookUp(image: ImageReference, reference: string, logins: Logins): Promise<string> {
  const url = new URL(`/v2/${image.repository}/manifests/${reference}`, baseOf(image.registry));
  const open = { accept: mediaTypes };
  const first = await ask(url, 'HEAD', open);
  const headers = first.status === 401 ? { ...open, authorization: await authorize(first, image, logins) } : open;
  const answer = first.status === 401 ? await ask(url, 'HEAD', headers) : first;
  if (!answer.ok) throw new Refused(reasonOf(answer, image, reference), answer.status === 404);
  return digestOf(answer, url, headers);
}

/** Asks each image once. What a registry refuses, or one that does not answer, is a reason and no error: the other images are pinned all the same. */
export function askRegistries(logins: Logins): Resolve {
  const known = new Map<string, Promise<Resolved>>();
  const resolve = async (image: ImageReference): Promise<Resolved> => {
    const source = `registry ${image.registry}`;
    try {
      return { digest: await lookUp(image, tagOf(image), logins), source };
    } catch (error) {
      if (error instanceof Refused) return { reason: `${source}: ${error.message}` };
      return { reason: `${source} does not answer` };
    }
  };
  return (image) => {
    const key = imageKey(image);
    const found = known.get(key) ?? resolve(image);
    known.set(key, found);
    return found;
  };
}

/** Whether the registry of an image has it, with the digest where that says which one. */
export async function askPresence(image: ImageReference, logins: Logins): Promise<Presence> {
  const source = `registry ${image.registry}`;
  try {
    await lookUp(image, image.digest ?? tagOf(image), logins);
    return { state: 'there' };
  } catch (error) {
    if (!(error instanceof Refused)) return { state: 'unknown', reason: `${source} does not answer` };
    return { state: error.isMissing ? 'missing' : 'unknown', reason: `${source}: ${error.message}` };
  }
}
