// Image references as container runtimes read them: which registry, repository, tag and digest a text means.

import { retiredRegistries, type RetiredRegistry } from './retired-registries.ts';

export interface ImageReference {
  readonly valid: true;
  /** Host with its port: `docker.io` where the text names none. */
  readonly registry: string;
  /** Path within the registry: `library/nginx`. */
  readonly repository: string;
  /** As written; `undefined` means `latest` where there is no digest either. */
  readonly tag?: string;
  /** `sha256:…`; a runtime follows it and ignores the tag. */
  readonly digest?: string;
  /** The short form people write, without Docker Hub's defaults: `nginx:1.27`. */
  readonly familiar: string;
  /** The registry can be reached from a laptop or its Minikube only, as far as its name tells. */
  readonly isLocalLooking: boolean;
}

export interface InvalidImage {
  readonly valid: false;
  readonly reason: string;
}

const defaultRegistry = 'docker.io';
const officialPrefix = 'library/';
const repositoryMaxLength = 255;

const domainPart = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const registryShape = new RegExp(`^(?:${domainPart}(?:\\.${domainPart})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const repositoryShape = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/;
const tagShape = /^\w[\w.-]{0,127}$/;
const digestShape = /^([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})$/;
const digestLengths: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);

const invalid = (reason: string): InvalidImage => ({ valid: false, reason });

function looksLikeRegistry(first: string): boolean {
  return first === 'localhost' || /[.:]/.test(first) || first.toLowerCase() !== first;
}

function splitRegistry(text: string): readonly [registry: string, rest: string] {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const named = slash !== -1 && looksLikeRegistry(first);
  const registry = named && first !== 'index.docker.io' ? first : defaultRegistry;
  const rest = named ? text.slice(slash + 1) : text;
  return [registry, registry === defaultRegistry && !rest.includes('/') ? officialPrefix + rest : rest];
}

function digestProblem(digest: string): string | undefined {
  const match = digestShape.exec(digest);
  if (match === null) return 'the digest is not of the form algorithm:hex';
  const [, algorithm = '', hex = ''] = match;
  const length = digestLengths.get(algorithm);
  if (length === undefined) return `the digest algorithm "${algorithm}" is not supported`;
  if (hex.length !== length) return `a ${algorithm} digest has ${length} hexadecimal digits, not ${hex.length}`;
  return /[A-F]/.test(hex) ? 'the digest must be in lower case' : undefined;
}

function repositoryProblem(repository: string): string | undefined {
  if (repository.length > repositoryMaxLength) return `the name is longer than ${repositoryMaxLength} characters`;
  if (repositoryShape.test(repository)) return undefined;
  return repositoryShape.test(repository.toLowerCase())
    ? 'the repository name must be in lower case'
    : `"${repository}" is not a repository name`;
}

interface Parts {
  readonly registry: string;
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

function splitReference(text: string): Parts {
  const [registry, rest] = splitRegistry(text);
  const at = rest.indexOf('@');
  const named = at === -1 ? rest : rest.slice(0, at);
  const colon = named.indexOf(':');
  return {
    registry,
    repository: colon === -1 ? named : named.slice(0, colon),
    tag: colon === -1 ? undefined : named.slice(colon + 1),
    digest: at === -1 ? undefined : rest.slice(at + 1),
  };
}

function partsProblem({ registry, repository, tag, digest }: Parts): string | undefined {
  if (!registryShape.test(registry)) return `"${registry}" is not a registry host`;
  const problem = repositoryProblem(repository);
  if (problem !== undefined) return problem;
  if (tag !== undefined && !tagShape.test(tag)) return `"${tag}" is not a tag`;
  return digest === undefined ? undefined : digestProblem(digest);
}

function shortName({ registry, repository }: Parts): string {
  if (registry !== defaultRegistry) return `${registry}/${repository}`;
  const official = repository.slice(officialPrefix.length);
  if (repository.startsWith(officialPrefix) && !official.includes('/')) return official;
  // `docker.io/my.org/web` must keep its host, or its first part would be read as one.
  return looksLikeRegistry(repository.slice(0, repository.indexOf('/'))) ? `${registry}/${repository}` : repository;
}

function familiarName(parts: Parts): string {
  const { tag, digest } = parts;
  return `${shortName(parts)}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** Hosts that only a laptop, its container runtime or its Minikube resolves. */
function isLocalRegistry(registry: string): boolean {
  const host = registry.replace(/:[0-9]+$/, '').toLowerCase();
  if (/^(?:127\.\d+\.\d+\.\d+|0\.0\.0\.0|\[::1\]|\[::\])$/.test(host)) return true;
  if (/(?:^|\.)(?:localhost|local|internal\.docker)$/.test(host) && !host.endsWith('.cluster.local')) return true;
  if (/^host\.(?:docker|minikube|lima|containers)\.internal$/.test(host)) return true;
  // A single word such as `registry:5000` or `kind-registry:5000` is a name of the local container network.
  return !host.includes('.') && !host.startsWith('[');
}

/**
 * Reads an image reference with Docker Hub's defaults. Source: github.com/distribution/reference v0.6, which
 * containerd, CRI-O and the kubelet follow; limits of digests from the OCI image specification.
 */
export function parseImage(text: string): ImageReference | InvalidImage {
  if (text === '') return invalid('the image is empty');
  if (text.trim() !== text) return invalid('the image has blanks around it');
  if (/^[a-f0-9]{64}$/.test(text)) return invalid('64 hexadecimal digits are an image ID, not a name');
  const parts = splitReference(text);
  const problem = partsProblem(parts);
  if (problem !== undefined) return invalid(problem);
  const { registry, repository, tag, digest } = parts;
  return {
    valid: true,
    registry,
    repository,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
    familiar: familiarName(parts),
    isLocalLooking: isLocalRegistry(registry),
  };
}

/** The retired community registry that an image still names, or `undefined`. */
export function findRetiredRegistry(image: ImageReference): RetiredRegistry | undefined {
  const name = `${image.registry}/${image.repository}`;
  return retiredRegistries.find(({ prefix }) => name === prefix || name.startsWith(`${prefix}/`));
}
