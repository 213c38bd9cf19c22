// Asks the registries of images whether they have them, for a look before a restore: with the logins of docker, and never a layer of them.

import type { AskImages, Presence } from '../../backup/index.ts';
import { parseImage } from '../../kube/images.ts';
import { inParallel } from '../../model/index.ts';
import { askPresence } from '../pin/ask-registry.ts';
import { readLogins } from '../pin/registry-login.ts';
import type { Outside } from '../outside.ts';

/** At once. */
const most = 8;

export function imagesAsker({ environment }: Pick<Outside, 'environment'>): AskImages {
  return async (images) => {
    const logins = await readLogins(environment);
    const answers = new Map<string, Presence>();
    await inParallel(images, most, async (text) => {
      const image = parseImage(text);
      answers.set(text, image.valid ? await askPresence(image, logins) : { state: 'missing', reason: image.reason });
    });
    return answers;
  };
}
