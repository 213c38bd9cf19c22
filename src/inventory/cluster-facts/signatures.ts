// Recognises programs by the images that they run, whatever registry serves them and whatever the objects are called.

import type { ClusterView, Program, Tri } from './view.ts';

export interface Signature {
  readonly name: string;
  /** Tested against the repository without its registry: `calico/node`. */
  readonly image: RegExp;
}

/** Something that was found in the cluster. */
export interface Found {
  readonly name: string;
  /** The image's tag, where it has one. */
  readonly version?: string;
  readonly namespace: string;
  /** How we know. */
  readonly evidence: string;
}

/** What was found of a family, and whether there may be more. */
export interface Family {
  readonly found: readonly Found[];
  /** False where not all of the cluster was seen: that nothing was found says nothing then. */
  readonly complete: boolean;
}

export function evidenceOf({ object, repository, tag }: Program): string {
  const where = object.namespace === '' ? '' : `${object.namespace}/`;
  return `${object.kind} ${where}${object.name} runs ${repository}${tag === undefined ? '' : `:${tag}`}`;
}

export function toFound(name: string, program: Program): Found {
  const { object, tag } = program;
  return {
    name,
    ...(tag === undefined ? {} : { version: tag }),
    namespace: object.namespace,
    evidence: evidenceOf(program),
  };
}

function onceEach(found: readonly Found[]): Found[] {
  return [...new Map(found.map((each) => [`${each.name} ${each.namespace}`, each])).values()];
}

/** The programs of a table, with the objects that run them. */
export function programsOf({ programs }: ClusterView, table: readonly Signature[]): Program[] {
  return programs.filter(({ repository }) => table.some(({ image }) => image.test(repository)));
}

/** Programs of a table that run in the cluster: one entry for each name and namespace. */
export function findPrograms({ programs, sawPrograms }: ClusterView, table: readonly Signature[]): Family {
  const found = programs.flatMap((program) =>
    table.filter(({ image }) => image.test(program.repository)).map(({ name }) => toFound(name, program)),
  );
  return { found: onceEach(found), complete: sawPrograms };
}

/** Whether a family has anything: nothing found counts only where all was seen. */
export function hasAny({ found, complete }: Family): Tri {
  if (found.length > 0) return true;
  return complete ? false : 'unknown';
}
