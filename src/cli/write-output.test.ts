import { expect, it } from 'vitest';
import type { Io } from './io.ts';
import { writeOutput } from './write-output.ts';

it('waits for a slow reader between two pieces, so that a large report is not queued in memory', async () => {
  const log: string[] = [];
  const io = {
    out: (text: string) => void log.push(text),
    drained: async () => {
      await Promise.resolve();
      log.push('taken');
    },
  } as unknown as Io;
  await writeOutput(['one', 'two'], {}, io);
  expect(log).toEqual(['one', 'taken', 'two', 'taken']);
});

it('writes a text in one piece, not letter by letter', async () => {
  const log: string[] = [];
  await writeOutput('text', {}, { out: (text: string) => void log.push(text) } as unknown as Io);
  expect(log).toEqual(['text']);
});
