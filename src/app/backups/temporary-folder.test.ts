import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openTemporaryFolder } from './temporary-folder.ts';

it('a temporary folder goes with what is in it when it is closed, and leaves nothing to do at the end', async () => {
  const before = process.listenerCount('exit');
  const { path, close } = await openTemporaryFolder('nowwhat-closed-');
  writeFileSync(join(path, 'list'), 'web-0');
  await close();
  expect(existsSync(path)).toBe(false);
  expect(process.listenerCount('exit')).toBe(before);
});

it('a temporary folder that is not closed goes when the program ends', async () => {
  const before = process.listeners('exit');
  const { path, close } = await openTemporaryFolder('nowwhat-left-');
  writeFileSync(join(path, 'list'), 'web-0');
  for (const atEnd of process.listeners('exit').filter((each) => !before.includes(each))) atEnd(0);
  expect(existsSync(path)).toBe(false);
  await close();
});
