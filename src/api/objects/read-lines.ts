// A stream of bytes as lines: watches and logs. A character that spans two chunks stays whole.

import type { Readable } from 'node:stream';

const newline = 10;

/** Lines without their end. The last one is given too where no line end follows it. */
export async function* readLines(stream: Readable): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  for await (const each of stream) {
    const chunk = each as Buffer;
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0; at = chunk.indexOf(newline, from)) {
      const end = chunk.subarray(from, at);
      yield rest.length === 0 ? end.toString('utf8') : Buffer.concat([...rest, end]).toString('utf8');
      rest = [];
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield Buffer.concat(rest).toString('utf8');
}
