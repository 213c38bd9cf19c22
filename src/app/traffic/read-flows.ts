// Reads recorded connections from files, however long, line by line.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { UserError } from '../../model/index.ts';
import { toPathError } from '../../sources/index.ts';
import { type Flow, FlowLines, type FlowReader, type Ignored } from '../../traffic/index.ts';

export interface Recorded {
  readonly kind: 'flows' | 'prometheus';
  readonly name: string;
  readonly records: number;
  readonly flows: readonly Flow[];
  readonly ignored: readonly Ignored[];
  readonly ignoredCount: number;
}

export function toRecorded(kind: Recorded['kind'], name: string, reader: FlowReader): Recorded {
  const { flows, ignored } = reader.result();
  return { kind, name, records: reader.records, flows, ignored, ignoredCount: reader.ignoredCount };
}

async function readLines(lines: Iterable<string> | AsyncIterable<string>, name: string): Promise<FlowReader> {
  const taken = new FlowLines(name);
  for await (const line of lines) taken.take(line);
  return taken.end();
}

/** `-` is standard input. Throws `UserError` where the file is missing, may not be read or holds no record of a connection. */
export async function readFlowFile(file: string, stdin: () => Promise<Uint8Array>): Promise<Recorded> {
  if (file === '-') {
    const text = new TextDecoder().decode(await stdin());
    return requireRecords(toRecorded('flows', 'standard input', await readLines(text.split('\n'), 'stdin')));
  }
  try {
    if ((await stat(file)).isDirectory())
      throw new UserError('invalid-flows', `${file} is a folder`, 'Name a file with one record a line.');
    const input = createReadStream(file, 'utf8');
    const lines = createInterface({ input, crlfDelay: Infinity });
    return requireRecords(toRecorded('flows', file, await readLines(lines, file)));
  } catch (error) {
    throw toPathError(error, file, 'Check the path behind --flows.');
  }
}

function requireRecords(recorded: Recorded): Recorded {
  const { records, ignored, name } = recorded;
  const [first] = ignored;
  if (records > 0 || first === undefined) return recorded;
  throw new UserError(
    'invalid-flows',
    `${name} holds no record of a connection: ${first.where} ${first.reason}`,
    'Known are nowwhat.dev/flow/v1, `hubble observe -o json`, Inspektor Gadget and answers of Prometheus; see docs/traffic.md.',
  );
}
