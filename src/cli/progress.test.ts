import { describe, expect, it, vi } from 'vitest';
import type { WhileRunning } from '../app/passing.ts';
import type { Io } from './io.ts';
import { withProgress } from './progress.ts';
import { createStyle } from './style.ts';

function screen(interactive = true) {
  const written: string[] = [];
  const io = {
    interactive,
    width: 40,
    errorStyle: createStyle(false),
    err: (text: string) => void written.push(text),
    whileRunning: ((_, work) => work()) satisfies WhileRunning,
  } as unknown as Io;
  // eslint-disable-next-line no-control-regex
  return { io, lines: () => written.map((text) => text.replaceAll(/\r|\u001B\[[0-9;]*[A-Za-z]/g, '')) };
}

/** Work that never rests, for so many milliseconds: no timer runs meanwhile. */
async function workHard(say: (what: string) => void, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 10) {
    vi.setSystemTime(Date.now() + 10);
    say(`step ${passed}`);
  }
  await Promise.resolve();
}

describe('the progress line', () => {
  it('is drawn by work that never rests, soon and not too often, and is gone at the end', async () => {
    vi.useFakeTimers();
    const { io, lines } = screen();
    await withProgress(io, false, (say) => workHard(say, 1000));
    vi.useRealTimers();
    const drawn = lines().filter((line) => line !== '');
    expect(drawn.length).toBeGreaterThanOrEqual(5);
    expect(drawn.length).toBeLessThanOrEqual(8);
    expect(drawn[0]).toMatch(/^step (39|4[0-9])0 …$/);
    expect(lines().at(-1)).toBe('');
  });

  it('is never drawn for short work, into pipes, or where quiet was asked for', async () => {
    vi.useFakeTimers();
    for (const [interactive, quiet, time] of [
      [true, false, 300],
      [false, false, 2000],
      [true, true, 2000],
    ] as const) {
      const { io, lines } = screen(interactive);
      await withProgress(io, quiet, (say) => workHard(say, time));
      expect(lines()).toEqual([]);
    }
    vi.useRealTimers();
  });
});
