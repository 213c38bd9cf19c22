// Finds texts that no container runtime accepts as an image.

import { parseImage } from '../../kube/images.ts';
import { asString } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { imagesMeta } from './image-check.ts';

/** Marks of a template that something else fills in before the file is applied. */
const placeholder = /\$\{|\$\(|\{\{|<[^>]*>|%[A-Z_]+%|@[A-Z_]+@|__[A-Z_]+__|\$[A-Z_]{2,}/;

export const imageInvalid = containerCheck(
  imagesMeta({
    id: 'image-invalid',
    title: 'Images have names that can be pulled',
    leg: 'deployment',
    level: 1,
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Images' }],
    remediation: 'Write the image as REGISTRY/NAME:TAG, in lower case.',
    minutes: 5,
    settledBy: 'the manifest after its placeholders are filled in',
  }),
  {
    applies: ({ role }) => role !== 'ephemeral',
    find: ({ name, raw, path }) => {
      const text = asString(raw['image']) ?? '';
      const image = parseImage(text);
      if (image.valid) return undefined;
      const at = [...path, 'image'];
      if (placeholder.test(text))
        return {
          verdict: 'unknown',
          message: `container "${name}" has the placeholder "${text}" as image: something must fill it in before it is applied`,
          path: at,
          evidence: 'would be settled by the manifest after its placeholders are filled in',
        };
      return {
        message: `container "${name}" cannot be started: ${image.reason}`,
        path: at,
        evidence: text === '' ? 'image is not set' : `image is ${text}`,
      };
    },
  },
);
