// Whether registries have the images of a restore: the question and its answers.

/** What a registry says of an image, as far as can be seen from here. */
export type Presence =
  | { readonly state: 'there' }
  /** `missing`: the registry is sure of it. */
  | { readonly state: 'missing' | 'unknown'; readonly reason: string };

/** Asks for the images that no node has; the answers by the text of the image. */
export type AskImages = (images: readonly string[]) => Promise<ReadonlyMap<string, Presence>>;
