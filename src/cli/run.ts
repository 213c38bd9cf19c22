// Dispatches to a command and turns errors into messages and exit statuses.

import { readSnapshot } from '../sources/index.ts';
import { judge } from '../app/judge.ts';
import { UserError } from '../model/index.ts';
import { renderJson } from './reporters/json.ts';
import { renderPage } from './reporters/page.ts';

/** Exit status: 0 clean, 1 findings, 2 user error, 3 our bug. */
export async function runCli(args: readonly string[]): Promise<number> {
  try {
    const json = args.includes('-o') && args[args.indexOf('-o') + 1] === 'json';
    const inputs = args.filter(
      (arg, index) => arg !== '-o' && args[index - 1] !== '-o' && arg !== 'journey' && arg !== 'check',
    );
    const snapshot = await readSnapshot(inputs, {
      helm: { values: [], set: [] },
      namespace: 'default',
      minor: 34,
      allowRemote: false,
      maxFileBytes: 256 * 1024 * 1024,
      stdin: async () => new Uint8Array(),
      environment: process.env,
    });
    const report = await judge({
      snapshot,
      options: { minor: 34, today: new Date().toISOString().slice(0, 10), allowedRegistries: [] },
    });
    process.stdout.write(json ? renderJson(report) : renderPage(report));
    return report.findings.some(({ verdict }) => verdict === 'fail') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    process.stderr.write(`nowwhat: ${error.message} [${error.code}]\n  ${error.advice}\n`);
    return 2;
  }
}
