// What to do about secrets, as steps with owners: out of texts, out of manifests, into files, immutable, renewed, encrypted.

import type { Finding, Owner } from '../../model/index.ts';
import type { SecretUse, SecretView } from './find-secrets.ts';
import type { StaticKey } from '../../checks/secrets/static-cloud-keys.ts';

export interface SecretStep {
  readonly topic: 'text' | 'manifest' | 'file' | 'immutable' | 'rotation' | 'cloud-identity' | 'encryption';
  readonly title: string;
  readonly reason: string;
  readonly owner: Owner;
  /** One line for each place or object. */
  readonly subjects: readonly string[];
  readonly commands: readonly string[];
}

export interface SecretSituation {
  readonly secrets: readonly SecretView[];
  /** Findings of the family `secrets` that fail. */
  readonly texts: readonly Finding[];
  readonly stores: readonly string[];
  readonly staticKeys: readonly StaticKey[];
  /** The finding about encryption in etcd; absent where it is known to be on. */
  readonly encryption: Finding | undefined;
  readonly input: string;
}

const textChecks = ['secret-in-env', 'secret-in-args', 'secret-in-configmap', 'secret-in-annotation'];

function placeOf({ position, subject, message }: Finding): string {
  const place =
    position === undefined
      ? `${subject.kind} ${subject.namespace}/${subject.name}`
      : `${position.file}:${position.line}`;
  return `${place}  ${message}`;
}

function textStep({ texts, input }: SecretSituation): SecretStep[] {
  const found = texts.filter(({ check }) => textChecks.includes(check));
  if (found.length === 0) return [];
  return [
    {
      topic: 'text',
      title: 'Move what stands in plain sight into Secrets, and change it',
      reason:
        'whoever may read pods or ConfigMaps has read it, and so has the history of the repository: a moved value is still known',
      owner: 'developer',
      subjects: found.map(placeOf),
      commands: [`nowwhat fix ${[...new Set(found.map(({ check }) => check))].join(' ')} ${input}`],
    },
  ];
}

function nameOf({ namespace, name }: SecretView): string {
  return `Secret ${namespace}/${name}`;
}

function manifestStep({ secrets, stores }: SecretSituation): SecretStep[] {
  const written = secrets.filter(({ origin }) => origin === 'manifest');
  if (written.length === 0) return [];
  const offer =
    stores.length === 0
      ? 'no store for secrets is seen; External Secrets, Sealed Secrets or SOPS would do it'
      : `${stores.join(', ')} ${stores.length === 1 ? 'is' : 'are'} there for it`;
  return [
    {
      topic: 'manifest',
      title: 'Fill these from a store, and take their values out of the manifests',
      reason: `base64 is no encryption; ${offer}`,
      owner: 'developer',
      subjects: written.map((secret) => `${nameOf(secret)}  keys ${secret.keys.join(', ')}`),
      commands: [],
    },
  ];
}

const isVariable = ({ way }: SecretUse): boolean => way === 'env' || way === 'all';

function fileStep({ secrets }: SecretSituation): SecretStep[] {
  const subjects = secrets.flatMap((secret) => {
    const users = secret.uses.filter(isVariable).map(({ by, container }) => `${by}, container ${container ?? ''}`);
    return users.length === 0 ? [] : [`${nameOf(secret)}  ${[...new Set(users)].join('; ')}`];
  });
  if (subjects.length === 0) return [];
  return [
    {
      topic: 'file',
      title: 'Hand these over as files',
      reason:
        'variables end up in crash reports and child processes, and change with a restart alone; many images read a file whose name is in NAME_FILE instead of NAME',
      owner: 'developer',
      subjects,
      commands: [],
    },
  ];
}

/** A Secret that something fills must stay changeable. */
function immutableStep({ secrets }: SecretSituation): SecretStep[] {
  const open = secrets.filter(({ origin, immutable, uses }) => origin === 'manifest' && !immutable && uses.length > 0);
  if (open.length === 0) return [];
  return [
    {
      topic: 'immutable',
      title: 'Set immutable: true, with a new name for each new value',
      reason:
        'a changed value then comes with a release that can be rolled back, and nobody changes it by accident; the secretGenerator of Kustomize makes such names',
      owner: 'developer',
      subjects: open.map(nameOf),
      commands: [],
    },
  ];
}

/** How a user of a Secret learns of a new value. */
function renewal({ uses }: SecretView): string {
  const restart = [...new Set(uses.filter((use) => isVariable(use) || use.way === 'subPath').map(({ by }) => by))];
  const alone = [...new Set(uses.filter(({ way }) => way === 'file').map(({ by }) => by))].filter(
    (by) => !restart.includes(by),
  );
  const parts = [
    ...(restart.length === 0 ? [] : [`${restart.join(', ')} must be restarted`]),
    ...(alone.length === 0 ? [] : [`${alone.join(', ')} sees new files within a minute or two`]),
  ];
  return parts.join('; ');
}

function rotationStep({ secrets }: SecretSituation): SecretStep[] {
  const used = secrets.filter((secret) => renewal(secret) !== '');
  if (used.length === 0) return [];
  return [
    {
      topic: 'rotation',
      title: 'Know how to renew them before you must',
      reason: 'after a leak there is no time to find out',
      owner: 'developer',
      subjects: used.map((secret) => {
        const since = secret.created === undefined ? '' : ` (there since ${secret.created})`;
        return `${nameOf(secret)}${since}  ${renewal(secret)}`;
      }),
      commands: [],
    },
  ];
}

function cloudStep({ staticKeys }: SecretSituation): SecretStep[] {
  if (staticKeys.length === 0) return [];
  return [
    {
      topic: 'cloud-identity',
      title: 'Give workloads an identity of the cloud instead of its keys',
      reason: 'keys do not expire and work from anywhere; an identity is of these pods alone',
      owner: 'developer',
      subjects: staticKeys.map(
        ({ workload: { object }, variable, instead }) =>
          `${object.kind} ${object.namespace}/${object.name}  ${variable}: ${instead}`,
      ),
      commands: [],
    },
  ];
}

function encryptionStep({ encryption }: SecretSituation): SecretStep[] {
  if (encryption === undefined) return [];
  const isOpen = encryption.verdict === 'unknown';
  return [
    {
      topic: 'encryption',
      title: isOpen ? 'Tell whether Secrets are encrypted in etcd' : 'Encrypt Secrets in etcd',
      reason: `${encryption.message}; ${encryption.evidence}`,
      owner: encryption.owner,
      subjects: [],
      commands: [],
    },
  ];
}

/** Steps in the order of their urgency. */
export function planSecrets(situation: SecretSituation): SecretStep[] {
  return [textStep, manifestStep, cloudStep, fileStep, immutableStep, rotationStep, encryptionStep].flatMap((step) =>
    step(situation),
  );
}
