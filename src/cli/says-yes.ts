// Asks a question that only a plain yes agrees to; where nobody can be asked, nobody agrees.

import type { Io } from './io.ts';

export async function saysYes(io: Io, question: string): Promise<boolean> {
  const answer = (await io.ask?.(question)) ?? '';
  return /^y(?:es)?$/i.test(answer.trim());
}
