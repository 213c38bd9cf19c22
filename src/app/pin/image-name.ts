// How images are compared and written when their digests are looked up.

import { type ImageReference, parseImage } from '../../kube/images.ts';

/** What a tag names today, and how we know. */
export type Resolved =
  | { readonly digest: string; readonly source: string }
  /** The end of a sentence: why nothing is known. */
  | { readonly reason: string };

/** Tells the digest of an image by its registry, repository and tag; what it has of a digest is not looked at. */
export type Resolve = (image: ImageReference) => Promise<Resolved>;

/** SHA-256 is what registries and runtimes use; the longer ones are left to who writes them by hand. */
export const digestShape = /^sha256:[0-9a-f]{64}$/;

export function tagOf({ tag }: ImageReference): string {
  return tag ?? 'latest';
}

/** `docker.io/library/nginx:1.27`, whatever of it the text leaves out. */
export function imageKey(image: ImageReference): string {
  return `${image.registry}/${image.repository}:${tagOf(image)}`;
}

/** The text as the user wrote it with its tag and the digest; `latest` is written out, because a digest without a tag says nothing to a person. */
export function withDigest(text: string, image: ImageReference, digest: string): string {
  const [name = text] = text.split('@');
  return `${name}${image.tag === undefined ? ':latest' : ''}@${digest}`;
}

/** The same from texts of any kind; `undefined` for what is no image. */
export function keyOfText(text: string): string | undefined {
  const image = parseImage(text);
  return image.valid ? imageKey(image) : undefined;
}
