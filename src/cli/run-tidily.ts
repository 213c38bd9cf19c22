// Runs long work with its progress shown; where the program is ended meanwhile, what the work has named last is done before.

import type { Io } from './io.ts';
import { withProgress } from './progress.ts';

export interface TidyRun {
  readonly progress: (text: string) => void;
  readonly onTidy: (tidy: () => Promise<void>) => void;
}

export function runTidily<T>(io: Io, quiet: boolean, work: (run: TidyRun) => Promise<T>): Promise<T> {
  let tidy: () => Promise<void> = () => Promise.resolve();
  const onTidy: TidyRun['onTidy'] = (next) => {
    tidy = next;
  };
  return io.whileRunning(
    () => tidy(),
    () => withProgress(io, quiet, (progress) => work({ progress, onTidy })),
  );
}
