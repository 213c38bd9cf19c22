// Which kinds there are, where they live, and why a kind is not known.

import type { CrdSchemas } from './crd-schemas.ts';
import type { SchemaProblem } from './problem.ts';
import type { Span } from './schema-node.ts';
import { closestName, sameButSpelling } from './similar-names.ts';
import { type BuiltInKind, isWithin, type Schemas } from './table.ts';

interface Known {
  readonly schemas: Schemas;
  readonly crds: CrdSchemas | undefined;
  /** A minor within the table. */
  readonly minor: number;
}

interface Wanted {
  readonly apiVersion: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** Group of the workloads, Ingresses and policies before they had groups of their own; served until Kubernetes 1.22. */
const formerGroup = 'extensions';
const prerelease = /(?:alpha|beta)\d+$/;

/** Whether objects of a built-in kind live in a namespace; `undefined` for kinds that Kubernetes does not have itself. */
export function isNamespaced(schemas: Schemas, group: string, kind: string): boolean | undefined {
  return schemas.kinds.find((each) => each.group === group && each.kind === kind)?.namespaced;
}

/** The API version that serves a kind at a minor: the group's own if it still does, else a stable one of another group. */
function servedElsewhere({ schemas, minor }: Known, group: string, kind: string): BuiltInKind | undefined {
  const served = schemas.kinds.filter((each) => each.kind === kind && isWithin(each, minor));
  const sameGroup = served.filter((each) => each.group === group);
  const isStable = (each: BuiltInKind): boolean => !prerelease.test(each.version);
  return sameGroup.find(isStable) ?? sameGroup.at(-1) ?? served.find(isStable);
}

function adviceFor(successor: BuiltInKind | undefined): Pick<SchemaProblem, 'suggestion' | 'rename'> {
  if (successor === undefined) return {};
  return { suggestion: `Use "${successor.apiVersion}"`, rename: successor.apiVersion };
}

/** Why a kind that some minor of the table has is not there at the target minor. */
function outsideSpan(span: Span, name: string, minor: number): Pick<SchemaProblem, 'kind' | 'message'> {
  if (span.since !== undefined && minor < span.since)
    return { kind: 'unknown-kind', message: `${name} exists from Kubernetes 1.${span.since} on` };
  return { kind: 'removed-kind', message: `${name} is not served since Kubernetes 1.${span.until ?? minor}` };
}

function notServed(known: Known, wanted: Wanted): Omit<SchemaProblem, 'path'> | undefined {
  const { schemas, minor } = known;
  const name = `"${wanted.apiVersion}" of "${wanted.kind}"`;
  const successor = servedElsewhere(known, wanted.group, wanted.kind);
  const other = schemas.kindNamed(wanted.apiVersion, wanted.kind);
  if (other !== undefined) return { ...outsideSpan(other, name, minor), ...adviceFor(successor) };
  if (successor === undefined) return undefined;
  const isOlder = wanted.group === successor.group && prerelease.test(wanted.version);
  const kind = wanted.group === formerGroup || isOlder ? 'removed-kind' : 'unknown-kind';
  return { kind, message: `Kubernetes 1.${minor} does not serve ${name}`, ...adviceFor(successor) };
}

function misspelt({ schemas }: Known, { apiVersion, group, kind }: Wanted): Omit<SchemaProblem, 'path'> {
  const names = schemas.kinds.filter((each) => each.group === group).map((each) => each.kind);
  const rename = sameButSpelling(kind, names) ?? closestName(kind, names);
  const message = `"${apiVersion}" has no kind "${kind}"`;
  if (rename === undefined) return { kind: 'unknown-kind', message };
  return { kind: 'unknown-kind', message, suggestion: `Rename it to "${rename}"`, rename };
}

function undefinedCustom({ crds }: Known, { apiVersion, group, kind }: Wanted): Omit<SchemaProblem, 'path'> {
  const versions = crds?.versionsOf(group, kind) ?? [];
  if (versions.length === 0)
    return {
      kind: 'unknown-kind',
      message: `the input has no definition of "${kind}" in "${apiVersion}"`,
      unknown: true,
    };
  const served = versions.map((version) => `"${group}/${version}"`).join(', ');
  return {
    kind: 'unknown-kind',
    message: `the definition of "${kind}" does not serve "${apiVersion}"; it serves ${served}`,
  };
}

/** Why there is no schema for a kind. A custom kind without its definition is `unknown`: a cluster may have it. */
export function explainUnknownKind(known: Known, wanted: Wanted): SchemaProblem {
  const builtIn = wanted.group === formerGroup || known.schemas.kinds.some((each) => each.group === wanted.group);
  if (!builtIn) return { ...undefinedCustom(known, wanted), path: ['apiVersion'] };
  const problem = notServed(known, wanted);
  return problem === undefined ? { ...misspelt(known, wanted), path: ['kind'] } : { ...problem, path: ['apiVersion'] };
}
