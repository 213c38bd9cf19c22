// Finds Secrets that are handed to programs as environment variables.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import {
  asArray,
  asObject,
  type Diagnostic,
  type Edit,
  type Json,
  type JsonObject,
  type Path,
} from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

const mountFolder = '/run/secrets';

/** One Secret as the container reads it. */
interface SecretUse {
  readonly secret: string;
  /** Its keys that are read; all where left out. */
  readonly keys?: readonly string[];
  /** The container starts without it. */
  readonly optional: boolean;
}

interface FileUses {
  readonly edits: readonly Edit[];
  readonly uses: readonly SecretUse[];
}

/** Variables that name the file instead of the value, as images of databases take them. */
function fileVariables({ raw, path }: PodContainer): FileUses {
  const edits: Edit[] = [];
  const uses: SecretUse[] = [];
  for (const [index, item] of asArray(raw['env']).entries()) {
    const { name, valueFrom } = asObject(item);
    const { name: secret, key, optional } = asObject(asObject(valueFrom)['secretKeyRef']);
    if (typeof secret !== 'string' || typeof key !== 'string' || typeof name !== 'string') continue;
    uses.push({ secret, keys: [key], optional: optional === true });
    const value = { name: `${name}_FILE`, value: `${mountFolder}/${secret}/${key}` };
    edits.push({ op: 'set', path: [...path, 'env', index], value });
  }
  return { edits, uses };
}

/** From the last entry to the first, so that those before keep their places; the whole list, where no other is in it. */
function wholeSecrets({ raw, path }: PodContainer): FileUses {
  const list = asArray(raw['envFrom']);
  const edits: Edit[] = [];
  const uses: SecretUse[] = [];
  for (const [index, item] of list.entries()) {
    const { name: secret, optional } = asObject(asObject(item)['secretRef']);
    if (typeof secret !== 'string') continue;
    uses.push({ secret, optional: optional === true });
    edits.unshift({ op: 'remove', path: [...path, 'envFrom', index] });
  }
  const isWhole = uses.length > 0 && uses.length === list.length;
  return { edits: isWhole ? [{ op: 'remove', path: [...path, 'envFrom'] }] : edits, uses };
}

function usesIn(container: PodContainer): SecretUse[] {
  return [fileVariables(container), wholeSecrets(container)].flatMap(({ uses }) => uses);
}

/**
 * The volume of a Secret, with the keys that are read and no others: where one is missing the pod does not start, as before. Where the container can do
 * without some of it, nothing but the Secret is asked for.
 */
function secretVolume(secret: string, uses: readonly SecretUse[]): JsonObject {
  const isOptional = uses.every(({ optional }) => optional);
  const isMixed = !isOptional && uses.some(({ optional }) => optional);
  const isWhole = isMixed || uses.some(({ keys }) => keys === undefined);
  const keys = [...new Set(uses.flatMap((use) => use.keys ?? []))];
  return {
    secretName: secret,
    ...(isWhole ? {} : { items: keys.map((key) => ({ key, path: key })) }),
    ...(isOptional ? { optional: true } : {}),
  };
}

interface Wanted {
  readonly secret: string;
  /** The source of its volume. */
  readonly wanted: JsonObject;
}

/** A new volume: under the name of the Secret where one container reads it, else under that of the container too; each has its own keys. */
function volumeOf(
  { secret, wanted }: Wanted,
  container: PodContainer,
  { containers, spec, specPath }: Workload,
): { readonly name: string; readonly edit: Edit } {
  const taken = new Set(asArray(spec['volumes']).map((volume) => asObject(volume)['name']));
  const short = secret.replaceAll('.', '-').slice(0, 50);
  const isShared = containers.some(
    (other) => other !== container && usesIn(other).some((use) => use.secret === secret),
  );
  const own = `${container.name}-${short}`.slice(0, 63).replace(/-$/, '');
  const plain = short === secret ? [secret] : [];
  const names = isShared ? [own] : [...plain, `secret-${short}`, own];
  const name = names.find((each) => !taken.has(each)) ?? `${short}-${taken.size}`;
  return { name, edit: { op: 'add', path: [...specPath, 'volumes'], values: [{ name, secret: wanted }] } };
}

/** What is mounted where the files of the Secret belong gets the keys that it lacks; nothing where nothing of the Secret is there. */
function extendMount(
  { secret, wanted }: Wanted,
  { raw }: PodContainer,
  { spec, specPath }: Workload,
): Edit[] | undefined {
  const mount = asArray(raw['volumeMounts'])
    .map(asObject)
    .find(({ mountPath }) => mountPath === `${mountFolder}/${secret}`);
  const index = asArray(spec['volumes']).findIndex((volume) => asObject(volume)['name'] === mount?.['name']);
  const there = asObject(asObject(asArray(spec['volumes'])[index])['secret']);
  if (there['secretName'] !== secret) return undefined;
  if (there['items'] === undefined) return [];
  const path = [...specPath, 'volumes', index, 'secret', 'items'];
  const held = asArray(there['items']).map((item) => asObject(item)['key']);
  const more = asArray(wanted['items']).filter((item) => !held.includes(asObject(item)['key']));
  if (wanted['items'] === undefined) return [{ op: 'remove', path }];
  return more.length === 0 ? [] : [{ op: 'add', path, values: more }];
}

function mountSecrets(container: PodContainer, workload: Workload): Edit[] {
  const uses = usesIn(container);
  const mounts = [...new Set(uses.map(({ secret }) => secret))].flatMap((secret): Edit[] => {
    const own = uses.filter((use) => use.secret === secret);
    const wanted = { secret, wanted: secretVolume(secret, own) };
    const extended = extendMount(wanted, container, workload);
    if (extended !== undefined) return extended;
    const { name, edit } = volumeOf(wanted, container, workload);
    const mount = { name, mountPath: `${mountFolder}/${secret}`, readOnly: true };
    return [{ op: 'add', path: [...container.path, 'volumeMounts'], values: [mount] }, edit];
  });
  return [...fileVariables(container).edits, ...wholeSecrets(container).edits, ...mounts];
}

function usesOf(list: Json | undefined, path: Path, reads: (item: Json) => boolean): Path[] {
  return asArray(list).flatMap((item, index) => (reads(item) ? [[...path, index]] : []));
}

export const secretAsEnv = containerCheck(
  {
    id: 'secret-as-env',
    family: 'secrets',
    title: 'Secrets reach programs as files',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [{ framework: 'CIS', id: '5.4.1' }],
    remediation: 'Mount the Secret as a file, where the program can read one.',
    minutes: 30,
  },
  {
    find: ({ name, raw, path }): Diagnostic | undefined => {
      const single = usesOf(
        raw['env'],
        [...path, 'env'],
        (item) => asObject(asObject(item)['valueFrom'])['secretKeyRef'] !== undefined,
      );
      const whole = usesOf(raw['envFrom'], [...path, 'envFrom'], (item) => asObject(item)['secretRef'] !== undefined);
      const [first] = [...whole, ...single];
      if (first === undefined) return undefined;
      return {
        message: `container "${name}" gets ${whole.length > 0 ? 'every key of a Secret' : 'Secrets'} as environment variables, which end up in crash reports and child processes`,
        path: first,
        evidence: `${whole.length} envFrom and ${single.length} env entries refer to Secrets`,
      };
    },
    fix: (container, _diagnostic, workload) =>
      offer(
        way(
          {
            id: 'mount-files',
            title: `Mount the Secrets as files in ${mountFolder}, and name the files in variables that end in _FILE`,
            consequence:
              'the program must read its secrets from these files: images of databases do so, a program of your own must be taught first',
          },
          mountSecrets(container, workload),
        ),
      ),
  },
);
