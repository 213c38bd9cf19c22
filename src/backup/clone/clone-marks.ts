// Labels and annotations by which a copy is known again: only what bears them is ever removed.

import { asObject, asString, type JsonObject } from '../../model/index.ts';

/** On the namespace and on every object that a clone made; the value is the name of the copy. */
export const cloneLabel = 'nowwhat.dev/clone';
const ofAnnotation = 'nowwhat.dev/clone-of';
const expiresAnnotation = 'nowwhat.dev/expires';

export function cloneAnnotations(of: string, expires: string | undefined): JsonObject {
  return { [ofAnnotation]: of, ...(expires === undefined ? {} : { [expiresAnnotation]: expires }) };
}

/** Only the object's own labels: those of a pod template choose pods. */
export function stampObject(object: JsonObject, name: string): JsonObject {
  const metadata = asObject(object['metadata']);
  return { ...object, metadata: { ...metadata, labels: { ...asObject(metadata['labels']), [cloneLabel]: name } } };
}

export interface CloneMarks {
  readonly name: string;
  readonly of: string;
  /** ISO times. */
  readonly expires?: string;
  readonly created: string;
}

/** `undefined` for a namespace that no clone made. */
export function marksOf(namespace: JsonObject): CloneMarks | undefined {
  const { name, labels, annotations, creationTimestamp } = asObject(namespace['metadata']);
  const own = asString(name) ?? '';
  if (asObject(labels)[cloneLabel] !== own) return undefined;
  const notes = asObject(annotations);
  const expires = asString(notes[expiresAnnotation]);
  return {
    name: own,
    of: asString(notes[ofAnnotation]) ?? '',
    created: asString(creationTimestamp) ?? '',
    ...(expires === undefined ? {} : { expires }),
  };
}
