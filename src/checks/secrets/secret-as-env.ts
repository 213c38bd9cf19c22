// Finds Secrets that are handed to programs as environment variables.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, type Diagnostic, type Edit, type Json, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

const mountFolder = '/run/secrets';

interface SecretMounts {
  readonly edits: Edit[];
  readonly secrets: Set<string>;
}

/** Variables that name the file instead of the value, as images of databases take them. */
function fileVariables({ raw, path }: PodContainer): SecretMounts {
  const secrets = new Set<string>();
  const edits = asArray(raw['env']).flatMap((item, index): Edit[] => {
    const { name, valueFrom } = asObject(item);
    const { name: secret, key } = asObject(asObject(valueFrom)['secretKeyRef']);
    if (typeof secret !== 'string' || typeof key !== 'string' || typeof name !== 'string') return [];
    secrets.add(secret);
    const value = { name: `${name}_FILE`, value: `${mountFolder}/${secret}/${key}` };
    return [{ op: 'set', path: [...path, 'env', index], value }];
  });
  return { edits, secrets };
}

/** From the last entry to the first, so that those before keep their places. */
function wholeSecrets({ raw, path }: PodContainer): SecretMounts {
  const secrets = new Set<string>();
  const edits = asArray(raw['envFrom']).flatMap((item, index): Edit[] => {
    const secret = asObject(asObject(item)['secretRef'])['name'];
    if (typeof secret !== 'string') return [];
    secrets.add(secret);
    return [{ op: 'remove', path: [...path, 'envFrom', index] }];
  });
  return { edits: edits.toReversed(), secrets };
}

/** The volume of a Secret: one that is there, or a new one. */
function volumeOf(secret: string, { spec, specPath }: Workload): { readonly name: string; readonly edits: Edit[] } {
  const volumes = asArray(spec['volumes']).map(asObject);
  const there = volumes.find((volume) => asObject(volume['secret'])['secretName'] === secret);
  if (typeof there?.['name'] === 'string') return { name: there['name'], edits: [] };
  const taken = volumes.some((volume) => volume['name'] === secret);
  const short = secret.replaceAll('.', '-').slice(0, 50);
  const name = taken || short !== secret ? `secret-${short}` : secret;
  const volume = { name, secret: { secretName: secret } };
  return { name, edits: [{ op: 'add', path: [...specPath, 'volumes'], values: [volume] }] };
}

function mountSecrets(container: PodContainer, workload: Workload): Edit[] {
  const parts = [fileVariables(container), wholeSecrets(container)];
  const secrets = new Set(parts.flatMap((part) => [...part.secrets]));
  const mounts = [...secrets].flatMap((secret): Edit[] => {
    const { name, edits } = volumeOf(secret, workload);
    const mount = { name, mountPath: `${mountFolder}/${secret}`, readOnly: true };
    return [{ op: 'add', path: [...container.path, 'volumeMounts'], values: [mount] }, ...edits];
  });
  return [...parts.flatMap(({ edits }) => edits), ...mounts];
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
