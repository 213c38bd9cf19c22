// Reads a saved snapshot line by line.

import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { type KubeObject, type Snapshot, UserError } from '../../model/index.ts';
import { type Header, parseEnd, parseHeader, parseObjectLine } from './format.ts';

function broken(path: string, line: number): UserError {
  return new UserError(
    'invalid-snapshot',
    `${path}:${line} is not as a saved snapshot has it: it was cut off or changed`,
    'Save it anew with `nowwhat snapshot --context NAME --output-file FILE`.',
  );
}

interface Content {
  readonly header: Header;
  readonly objects: readonly KubeObject[];
}

async function readContent(path: string): Promise<Content> {
  const lines = createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
  let header: Header | undefined;
  let whole = false;
  const objects: KubeObject[] = [];
  let number = 0;
  for await (const line of lines) {
    number += 1;
    const object = header && parseObjectLine(line, header.cluster.context);
    if (header === undefined) header = parseHeader(line);
    else if (parseEnd(line) === objects.length) whole = true;
    else if (object !== undefined && !whole) objects.push(object);
    else throw broken(path, number);
  }
  if (header === undefined || !whole) throw broken(path, number);
  return { header, objects };
}

/** `minor` judges for another version than the cluster's own. Throws `UserError` for a file that was cut off or changed. */
export async function readSaved(path: string, minor?: number): Promise<Snapshot> {
  const { header, objects } = await readContent(path);
  const { cluster, unreadable, savedOn } = header;
  return {
    objects,
    unreadable,
    skipped: [],
    duplicateKeys: [],
    redefinitions: [],
    texts: [],
    facts: { inputs: [path], files: 1, minor: minor ?? header.minor, cluster: { ...cluster, savedOn } },
  };
}
