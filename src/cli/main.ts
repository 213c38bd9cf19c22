// The entry: small and quick to load; every command is loaded when it is used.

import { runCli } from './run.ts';

process.exitCode = await runCli(process.argv.slice(2));
