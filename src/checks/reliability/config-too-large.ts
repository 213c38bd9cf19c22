// Finds ConfigMaps and Secrets that are larger than the API server takes, or nearly.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

/** Bytes of all values together. Source: MaxSecretSize in pkg/apis/core of Kubernetes, which holds for ConfigMaps too. */
const limit = 1_048_576;
const nearly = 0.9;

/** The API server counts bytes, and texts are kept as UTF-8. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    // Each half of a pair stands for two of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x8_00 || (unit >= 0xd8_00 && unit <= 0xdf_ff) ? 2 : 3;
  }
  return bytes;
}

/** Bytes that a base64 text stands for. */
function decodedLength(text: string): number {
  const digits = text.replace(/[\s=]+/g, '').length;
  return Math.floor((digits * 3) / 4);
}

function sumOf(values: JsonObject, measure: (text: string) => number): number {
  return Object.values(values).reduce<number>((sum, value) => sum + measure(asString(value) ?? ''), 0);
}

export const configTooLarge = objectCheck(
  {
    id: 'config-too-large',
    family: 'reliability',
    title: 'ConfigMaps and Secrets are small enough',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Put large files into the image or a volume.',
    minutes: 30,
  },
  {
    kinds: ['/ConfigMap', '/Secret'],
    find: ({ kind, name, raw }) => {
      const isSecret = kind === 'Secret';
      const texts = sumOf(asObject(raw[isSecret ? 'stringData' : 'data']), utf8Length);
      const bytes = texts + sumOf(asObject(raw[isSecret ? 'data' : 'binaryData']), decodedLength);
      if (bytes < limit * nearly) return undefined;
      const told = `${bytes} of ${limit} bytes`;
      if (bytes > limit)
        return {
          message: `${kind} "${name}" is larger than 1 MiB: the API server refuses it`,
          path: ['data'],
          evidence: told,
        };
      return {
        severity: 'low',
        message: `${kind} "${name}" has nearly reached 1 MiB: the API server refuses what is larger`,
        path: ['data'],
        evidence: told,
      };
    },
  },
);
