// The shape of checks on the image of each container, and what a text says of its image beyond the reference.

import type { Workload } from '../../inventory/index.ts';
import { type ImageReference, parseImage } from '../../kube/images.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asString, type CheckMeta, type Path } from '../../model/index.ts';
import { containerCheck, type CheckContext, type ContainerCheck, type Diagnostics, type FixResult } from '../check.ts';

/** An image that can be read, where it stands and what starts it. */
export interface ContainerImage {
  readonly text: string;
  readonly image: ImageReference;
  readonly path: Path;
  readonly container: PodContainer;
  readonly workload: Workload;
}

type Shared = 'family' | 'owner';

/** Completes the facts of a check of this family; what is given wins. */
export function imagesMeta(facts: Omit<CheckMeta, Shared> & Partial<Pick<CheckMeta, Shared>>): CheckMeta {
  return { family: 'images', owner: 'developer', ...facts };
}

/** Each image is asked for by every check of the family. */
const known = new WeakMap<PodContainer, ContainerImage | undefined>();

/** `undefined` for a text that is no image (image-invalid tells it), and for containers of a debugging session. */
export function imageOf(container: PodContainer, workload: Workload): ContainerImage | undefined {
  if (!known.has(container)) known.set(container, readImage(container, workload));
  return known.get(container);
}

function readImage(container: PodContainer, workload: Workload): ContainerImage | undefined {
  const text = asString(container.raw['image']);
  if (text === undefined || container.role === 'ephemeral') return undefined;
  const image = parseImage(text);
  return image.valid ? { text, image, path: [...container.path, 'image'], container, workload } : undefined;
}

/** All images that the workloads of the input start. */
export function imagesOf(workloads: readonly Workload[]): ContainerImage[] {
  return workloads.flatMap((workload) =>
    workload.containers.flatMap((container) => imageOf(container, workload) ?? []),
  );
}

interface ImageRule {
  readonly applies?: (context: CheckContext) => boolean;
  readonly fix?: (image: ContainerImage) => FixResult;
}

/** A check over each readable image. */
export function imageCheck(
  meta: CheckMeta,
  find: (image: ContainerImage, context: CheckContext) => Diagnostics,
  { applies = () => true, fix }: ImageRule = {},
): ContainerCheck {
  return containerCheck(meta, {
    applies: (container, workload, context) => applies(context) && imageOf(container, workload) !== undefined,
    find: (container, workload, context) => {
      const image = imageOf(container, workload);
      return image === undefined ? undefined : find(image, context);
    },
    ...(fix === undefined
      ? {}
      : {
          fix: (container, _diagnostic, workload) => {
            const image = imageOf(container, workload);
            return image === undefined ? undefined : fix(image);
          },
        }),
  });
}

/** `registry/repository`, whatever of it the text leaves out. */
export function fullName({ registry, repository }: ImageReference): string {
  return `${registry}/${repository}`;
}

/** How sure it is that the same text gives other content later: `latest` does, names without a number (`stable`, `alpine`, `main`) by habit. */
export function movingTag({ tag, digest }: ImageReference): 'latest' | 'by-habit' | undefined {
  if (digest !== undefined) return undefined;
  if (tag === undefined || tag === 'latest') return 'latest';
  return /\d/.test(tag) ? undefined : 'by-habit';
}

/** The image with another tag, written as it was otherwise; a digest would say which one it is whatever the tag. */
export function withTag({ text }: Pick<ContainerImage, 'text'>, tag: string): string {
  const [name = ''] = text.split('@');
  return `${name.replace(/:[^/:]*$/, '')}:${tag}`;
}
