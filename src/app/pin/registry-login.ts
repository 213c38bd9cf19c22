// Logins to registries as docker and podman keep them: config.json with a name and password for each host.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { asObject, asString, type JsonObject } from '../../model/index.ts';

/** The value of an Authorization header of the scheme Basic; `undefined` where there is no login. */
export type Logins = (registry: string) => string | undefined;

/** Docker Hub is kept under the address of its first version. */
const dockerHubKeys = ['https://index.docker.io/v1/', 'index.docker.io', 'docker.io'];

function keysOf(registry: string): readonly string[] {
  return registry === 'docker.io' ? dockerHubKeys : [registry, `https://${registry}`, `https://${registry}/`];
}

function headerOf(entry: JsonObject): string | undefined {
  const { auth, username, password } = entry;
  const [name, secret] = [asString(username), asString(password)];
  if (asString(auth) !== undefined && auth !== '') return `Basic ${asString(auth)}`;
  if (name === undefined || secret === undefined) return undefined;
  return `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}`;
}

/** Logins that a program keeps (credsStore, credHelpers) are not asked for: it would be a program that the user did not name. */
export function parseLogins(text: string): Logins {
  let auths: JsonObject = {};
  try {
    auths = asObject(asObject(JSON.parse(text))['auths']);
  } catch {
    // What docker itself could not read gives no login.
  }
  return (registry) => {
    const entry = keysOf(registry)
      .map((key) => auths[key])
      .find((each) => each !== undefined);
    return headerOf(asObject(entry));
  };
}

/** From `DOCKER_CONFIG`, or the folder `.docker` of the user. Without a file there is no login, which many registries do without. */
export async function readLogins(environment: Readonly<Record<string, string | undefined>>): Promise<Logins> {
  const { DOCKER_CONFIG: folder, HOME: home, USERPROFILE: profile } = environment;
  const place = folder ?? join(home ?? profile ?? '.', '.docker');
  return parseLogins(await readFile(join(place, 'config.json'), 'utf8').catch(() => '{}'));
}
