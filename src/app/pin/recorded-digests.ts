// Digests that somebody recorded, and those that a cluster runs: answers without asking a registry.

import { type ImageReference, parseImage } from '../../kube/images.ts';
import { asArray, asObject, asString, type KubeObject, pushTo, UserError } from '../../model/index.ts';
import { digestShape, imageKey, keyOfText, type Resolve } from './image-name.ts';

/** Digests by the key of their image; several where they contradict each other. */
type Digests = ReadonlyMap<string, readonly string[]>;

function resolveFrom(digests: Digests, source: string): Resolve {
  return async (image: ImageReference) => {
    const found = [...new Set(digests.get(imageKey(image)) ?? [])];
    const [digest] = found;
    if (digest === undefined) return { reason: `${source} does not tell it` };
    if (found.length > 1) return { reason: `${source} tells ${found.length} digests for it: ${found.join(', ')}` };
    return { digest, source };
  };
}

/** `IMAGE=DIGEST` or `IMAGE@DIGEST`; `undefined` for what is neither. */
function parseLine(line: string): readonly [key: string, digest: string] | undefined {
  const [, name = '', digest = ''] = /^(\S+?)\s*[=@]\s*(sha256:[0-9a-f]{64})$/.exec(line) ?? [];
  const key = keyOfText(name);
  return key === undefined ? undefined : [key, digest];
}

/** A recorded list: a line for each image, empty lines and `#` for remarks. Throws `UserError` for a line that is none. */
export function parseRecorded(file: string, text: string): Resolve {
  const digests = new Map<string, string[]>();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const parsed = parseLine(content);
    if (parsed === undefined)
      throw new UserError(
        'invalid-digests',
        `${file}:${index + 1} is not an image with its digest`,
        'Write a line for each image: IMAGE=sha256:… with 64 hexadecimal digits.',
      );
    pushTo(digests, ...parsed);
  }
  return resolveFrom(digests, file);
}

/** Runtimes tell what they pulled as `docker.io/library/nginx@sha256:…`; an image that was loaded by hand has an id alone, which no other node can pull. */
function pulledDigest(imageId: string, image: ImageReference): string | undefined {
  const pulled = parseImage(imageId.replace(/^[a-z-]+:\/\//, ''));
  if (!pulled.valid || pulled.digest === undefined || !digestShape.test(pulled.digest)) return undefined;
  return pulled.registry === image.registry && pulled.repository === image.repository ? pulled.digest : undefined;
}

function runningIn({ raw }: KubeObject): (readonly [key: string, digest: string])[] {
  const spec = asObject(raw['spec']);
  const status = asObject(raw['status']);
  const written = new Map(
    ['containers', 'initContainers'].flatMap((field) =>
      asArray(spec[field]).map((item) => {
        const { name, image } = asObject(item);
        return [asString(name) ?? '', asString(image) ?? ''] as const;
      }),
    ),
  );
  const statuses = ['containerStatuses', 'initContainerStatuses'].flatMap((field) => asArray(status[field]));
  return statuses.flatMap((item) => {
    const { name, imageID } = asObject(item);
    const image = parseImage(written.get(asString(name) ?? '') ?? '');
    const digest = image.valid ? pulledDigest(asString(imageID) ?? '', image) : undefined;
    return image.valid && digest !== undefined ? [[imageKey(image), digest] as const] : [];
  });
}

/** The digests that the pods of a cluster run. */
export function digestsOfPods(objects: readonly KubeObject[], context: string): Resolve {
  const digests = new Map<string, string[]>();
  const pods = objects.filter(({ group, kind }) => group === '' && kind === 'Pod');
  for (const pod of pods) for (const [key, digest] of runningIn(pod)) pushTo(digests, key, digest);
  return resolveFrom(digests, `cluster ${context}`);
}
