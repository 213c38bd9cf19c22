// The entry: small and quick to load. Only here and in `output.ts` does the program touch its process.

import { createProcessIo } from './output.ts';
import { runCli } from './run.ts';

const args = process.argv.slice(2);
process.exitCode = await runCli(args, createProcessIo(args));
