// Credentials from a program of the kubeconfig (`exec`): run when needed, kept until they expire or the cluster refuses them.

import { x } from 'tinyexec';
import { UserError } from '../../model/index.ts';
import type { Clock } from '../clock.ts';
import type { LoginProgram } from '../kubeconfig/kubeconfig.ts';
import type { Environment } from '../kubeconfig/read-kubeconfig.ts';
import type { Credential, Credentials } from './credentials.ts';
import { type ClusterInfo, type ExpiringCredential, parseExecCredential, renderExecInfo } from './exec-credential.ts';

export interface LoginContext {
  readonly info: ClusterInfo;
  readonly environment: Environment;
  /** True where standard input is a terminal: the program may ask, and what it says to the user is shown. */
  readonly terminal: boolean;
  readonly clock: Clock;
}

/** A program that may not ask has no reason to take longer. */
const patience = 120_000;

interface Answer {
  readonly status: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function missing(login: LoginProgram, cause: unknown): UserError {
  const advice = login.installHint ?? 'Install it, or have your provider write the kubeconfig anew.';
  return new UserError('login-program-missing', `the login program "${login.command}" was not found`, advice, cause);
}

function failed(login: LoginProgram, problem: string): UserError {
  const advice = login.installHint ?? 'Run the program by hand to see what it says, or log in with it again.';
  return new UserError('login-program-failed', `the login program "${login.command}" ${problem}`, advice);
}

function start(login: LoginProgram, { info, environment, terminal }: LoginContext): ReturnType<typeof x> {
  const interactive = terminal && login.interactiveMode !== 'Never';
  const env = { ...environment, ...login.env, KUBERNETES_EXEC_INFO: renderExecInfo(login, interactive, info) };
  const run = x(login.command, [...login.args], {
    nodePath: false,
    ...(interactive ? {} : { timeout: patience }),
    nodeOptions: { env, stdio: [interactive ? 'inherit' : 'ignore', 'pipe', terminal ? 'inherit' : 'pipe'] },
  });
  // Without this a character that spans two chunks would be broken.
  run.process?.stdout?.setEncoding('utf8');
  run.process?.stderr?.setEncoding('utf8');
  return run;
}

function explainStart(login: LoginProgram, error: unknown): UserError {
  if ((error as NodeJS.ErrnoException).code === 'ENOENT') return missing(login, error);
  return failed(login, `could not be run (${error instanceof Error ? error.message : String(error)})`);
}

async function runLogin(login: LoginProgram, context: LoginContext): Promise<Answer> {
  const run = start(login, context);
  const answer = await run.then(
    ({ stdout, stderr, exitCode }) => ({ status: exitCode, stdout, stderr }),
    (error: unknown) => explainStart(login, error),
  );
  if (answer instanceof UserError) throw answer;
  if (run.killed) throw failed(login, `took longer than ${patience / 1000} s`);
  return answer;
}

/** The last line of what the program complained of, where it was not shown already. */
function lastWords({ stderr }: Answer): string {
  const line = stderr.trimEnd().split('\n').at(-1)?.trim() ?? '';
  return line === '' ? '' : `: ${line.slice(0, 300)}`;
}

async function login(program: LoginProgram, context: LoginContext): Promise<ExpiringCredential> {
  if (program.interactiveMode === 'Always' && !context.terminal)
    throw failed(program, 'must ask the user, and there is no terminal');
  const answer = await runLogin(program, context);
  if (answer.status !== 0) throw failed(program, `ended with status ${answer.status ?? 'unknown'}${lastWords(answer)}`);
  const parsed = parseExecCredential(answer.stdout, program.apiVersion);
  if (!parsed.ok) throw failed(program, parsed.problem);
  return parsed.value;
}

/** Whether what was `used` came from `given`; a fixed certificate may have been added to a token. */
function isOf(given: Credential, used: Credential): boolean {
  if (given.token !== undefined) return given.token === used.token;
  return given.certificate?.certificate === used.certificate?.certificate;
}

/** Runs the program at most once at a time, however many ask. */
export function createLoginCredentials(program: LoginProgram, context: LoginContext): Credentials {
  let kept: ExpiringCredential | undefined;
  let running: Promise<ExpiringCredential> | undefined;
  async function run(): Promise<ExpiringCredential> {
    running ??= login(program, context).finally(() => (running = undefined));
    kept = await running;
    return kept;
  }
  async function current(): Promise<Credential> {
    const usable = kept !== undefined && (kept.expires === undefined || context.clock.now() < kept.expires);
    return (usable ? kept : await run())?.credential ?? {};
  }
  async function renew(used: Credential): Promise<boolean> {
    // Another request may have renewed it already.
    if (kept === undefined || isOf(kept.credential, used)) await run();
    return true;
  }
  return { current, renew };
}
