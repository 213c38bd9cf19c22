// The checks of this family that an API server can hold to, in CEL. An image is read as images.ts of the room kube reads it.

import { retiredRegistries } from '../../kube/retired-registries.ts';
import { celText, containerRail, type GuardRail } from '../guard-rails/guard-rail.ts';

const image = "container.?image.orValue('')";
const hasDigest = `${image}.contains('@')`;
/** A tag with a number in it: `latest`, `stable` and their like have none. */
const fixedTag = '^.*:[^/]*[0-9][^/]*$';
/** The first part of a reference that names a registry has a dot, a colon or a capital in it, or is `localhost`. */
const registryPart = '^(?:localhost|[^/]*[.:A-Z][^/]*)/';
const dockerHub = '(?:(?:index\\.)?docker\\.io/)?';
/** Where a part of a name ends. */
const end = '(?:[/:@]|$)';

function matches(pattern: string): string {
  return `${image}.matches(${celText(pattern)})`;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Matches images whose registry and repository begin with the prefix, on whole parts; Docker Hub may be left out in an image. */
function namePattern(prefix: string): string {
  const slash = prefix.indexOf('/');
  const host = slash === -1 ? prefix : prefix.slice(0, slash);
  const path = slash === -1 ? '' : prefix.slice(slash + 1);
  if (host.startsWith('*.')) return `^[^/]*${escape(host.slice(1))}/${path === '' ? '' : escape(path) + end}`;
  if (host !== 'docker.io') return `^${escape(host)}/${path === '' ? '' : escape(path) + end}`;
  if (path === '') return `^(?:index\\.)?docker\\.io/`;
  // An official image may be written without `library/`.
  if (path === 'library') return `^${dockerHub}(?:library/.+|[^/]+)$`;
  return `^${dockerHub}${escape(path)}${path.includes('/') ? end : '/'}`;
}

function isOf(prefix: string): string {
  const named = matches(namePattern(prefix));
  return prefix === 'docker.io' ? `(${named} || !${matches(registryPart)})` : named;
}

export const imagesRails: readonly GuardRail[] = [
  containerRail('image-latest', `${image} == '' || ${hasDigest} || ${matches(fixedTag)}`, 'started'),
  containerRail('image-not-digest', `${hasDigest} || !${matches(fixedTag)}`, 'started'),
  containerRail(
    'image-unqualified',
    `${image} == '' || container.?imagePullPolicy.orValue('') == 'Never' || ${matches(registryPart)}`,
    'started',
  ),
  containerRail(
    'image-registry-retired',
    `!(${retiredRegistries.map(({ prefix }) => matches(namePattern(prefix))).join(' || ')})`,
    'started',
  ),
  containerRail(
    'image-registry-not-allowed',
    ({ allowedRegistries }) =>
      allowedRegistries.length === 0
        ? undefined
        : `${image} == '' || ${allowedRegistries.map((entry) => isOf(entry.replace(/\/+$/, ''))).join(' || ')}`,
    'started',
  ),
];
