// What only the user knows, asked for with what is wrong with an answer.

import { parseCidr } from '../kube/cidr.ts';
import { parseCron } from '../kube/cron.ts';
import { parseGoDuration } from '../kube/durations.ts';
import { type ImageReference, parseImage } from '../kube/images.ts';
import { dns1123LabelProblem, dns1123SubdomainProblem } from '../kube/names.ts';
import { compareQuantities, parseQuantity } from '../kube/quantities.ts';
import type { OwnAnswer, OwnReading, Question } from './check.ts';

const zero = parseQuantity('0');

/** An amount of a resource, as Kubernetes writes it, above nothing. */
export function amountOf(what: string, example: string): Question {
  return {
    what,
    example,
    problem: (answer) => {
      const quantity = parseQuantity(answer);
      if (quantity === undefined || zero === undefined) return `is not an amount such as ${example}`;
      return compareQuantities(quantity, zero) > 0 ? undefined : 'is nothing';
    },
  };
}

/** A whole number within bounds. */
export function numberOf(what: string, example: number, least = 1, most = Number.MAX_SAFE_INTEGER): Question {
  return {
    what,
    example: String(example),
    problem: (answer) => {
      const number = Number(answer);
      if (!/^\d+$/.test(answer)) return 'is not a whole number';
      if (number < least) return `is less than ${least}`;
      return number > most ? `is more than ${most}` : undefined;
    },
  };
}

export function secondsOf(what: string, example: number): Question {
  return numberOf(`${what}, in seconds`, example);
}

/** The name of an object: of most kinds a DNS subdomain. */
export function nameOf(what: string, example: string): Question {
  return { what, example, problem: dns1123SubdomainProblem };
}

export const namespaceName: Question = {
  what: 'namespace',
  example: 'shop',
  problem: (answer) => dns1123LabelProblem(answer) ?? (answer === 'default' ? 'is where it is now' : undefined),
};

export const hostName: Question = {
  what: 'host name',
  example: 'shop.your-company.com',
  problem: (answer) =>
    answer.includes('.')
      ? dns1123SubdomainProblem(answer.replace(/^\*\./, ''))
      : 'is no full name in a domain of yours',
};

export const userNumber: Question = numberOf('user number', 10_001, 1, 2_147_483_647);

export const cronSchedule: Question = {
  what: 'schedule',
  example: '17 3 * * *',
  problem: (answer) => {
    const parsed = parseCron(answer);
    return parsed.valid ? undefined : parsed.reason;
  },
};

export const addressRange: Question = {
  what: 'range of addresses',
  example: '203.0.113.0/24',
  problem: (answer) => (parseCidr(answer) === undefined ? 'is no range of addresses' : undefined),
};

/** A duration as Go writes it: `5m`, `720h`. */
export function durationOf(what: string, example: string): Question {
  return {
    what,
    example,
    problem: (answer) => (parseGoDuration(answer) === undefined ? `is no duration such as ${example}` : undefined),
  };
}

export const webAddress: Question = {
  what: 'web page',
  example: 'https://wiki.example.com/runbooks/shop',
  problem: (answer) => (/^https?:\/\/[^\s/]+\S*$/.test(answer) ? undefined : 'is no web address'),
};

export const folder: Question = {
  what: 'folder',
  example: '/var/cache/app',
  problem: (answer) => (/^(?:\/[^/:\s]+)+$/.test(answer) ? undefined : 'is no path of a folder'),
};

const imageTag: Question = {
  what: 'version of the image',
  example: '1.2.3',
  problem: (answer) => {
    if (!/^[\w][\w.-]{0,127}$/.test(answer)) return 'is no tag of an image';
    return /^(?:latest|stable|edge|main|master|dev|nightly)$/.test(answer) ? 'is no version: it moves' : undefined;
  },
};

const imageText: Question = {
  what: 'image in a registry that the cluster reaches',
  example: 'registry.example.com/shop/web:1.2.3',
  problem: (answer) => {
    const image = parseImage(answer);
    if (!image.valid) return image.reason;
    return image.isLocalLooking || !answer.includes('/') ? 'names no registry that a cluster reaches' : undefined;
  },
};

function isSameImage(image: ImageReference, text: string): boolean {
  const named = parseImage(text);
  if (!named.valid || named.registry !== image.registry || named.repository !== image.repository) return false;
  return named.tag === undefined || named.tag === image.tag;
}

/** Of one image. `split` takes the image's name, which may leave out its tag, and the answer from an answer that names it. */
function ofImage(image: ImageReference, form: string, split: RegExp): OwnAnswer {
  const { registry, repository, tag = 'latest' } = image;
  const read = (answer: string): OwnReading => {
    const [, name, bare] = split.exec(answer.trim()) ?? [];
    if (name === undefined || bare === undefined) return { names: 'none', answer };
    return { names: isSameImage(image, name) ? 'this' : 'other', answer: bare };
  };
  return { thing: `${registry}/${repository}:${tag}`, form, read };
}

export function digestOf(image: ImageReference): Question {
  return {
    what: 'digest of the image',
    example: `sha256:${'0123456789abcdef'.repeat(4)}`,
    problem: (answer) =>
      /^sha256:[0-9a-f]{64}$/.test(answer) ? undefined : 'is no digest: sha256: and 64 digits from 0 to f',
    own: ofImage(image, 'IMAGE@DIGEST', /^(.+)@(sha256:.*)$/s),
  };
}

export function tagOf(image: ImageReference): Question {
  return { ...imageTag, own: ofImage(image, 'IMAGE:VERSION', /^(.+):([^:/]+)$/s) };
}

/** The image that takes the place of this one. */
export function placeOf(image: ImageReference): Question {
  return { ...imageText, own: ofImage(image, 'IMAGE=IMAGE', /^([^=]+)=(.+)$/s) };
}
