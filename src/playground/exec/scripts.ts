// What commands and logs of pods are to answer: there is no container, so somebody has to say.

/** A command that runs in a container, as an exec asks for it. */
export interface ExecCall {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
  /** Everything that was sent before the input was closed; '' without input. */
  readonly stdin: string;
}

export interface ExecResult {
  readonly stdout?: string | Uint8Array;
  readonly stderr?: string;
  /** 0 unless told. */
  readonly exitCode?: number;
}

interface PodFilter {
  readonly namespace?: string;
  /** The pod's name, or a pattern for it: pods of a Deployment have random ends. */
  readonly pod?: string | RegExp;
  readonly container?: string;
}

export interface ExecScript extends PodFilter {
  /** The whole command, words joined by spaces, or a pattern for it. Left out: any. */
  readonly command?: string | RegExp;
  readonly result: ExecResult | ((call: ExecCall) => ExecResult | Promise<ExecResult>);
}

export interface LogScript extends PodFilter {
  readonly text: string;
}

export interface Scripts {
  /** The first that fits answers. */
  readonly exec?: readonly ExecScript[];
  readonly logs?: readonly LogScript[];
}

function fitsText(wanted: string | RegExp | undefined, actual: string): boolean {
  if (wanted === undefined) return true;
  return typeof wanted === 'string' ? wanted === actual : wanted.test(actual);
}

function fitsPod(filter: PodFilter, { namespace, pod, container }: Omit<ExecCall, 'command' | 'stdin'>): boolean {
  const isThere = filter.namespace === undefined || filter.namespace === namespace;
  return isThere && fitsText(filter.pod, pod) && (filter.container ?? container) === container;
}

/** The result of a command; `undefined` where no script knows it. */
export async function runScripted({ exec = [] }: Scripts, call: ExecCall): Promise<ExecResult | undefined> {
  const found = exec.find((script) => fitsPod(script, call) && fitsText(script.command, call.command.join(' ')));
  if (found === undefined) return undefined;
  return typeof found.result === 'function' ? found.result(call) : found.result;
}

/** The log of a container; empty where no script has one. */
export function logOf({ logs = [] }: Scripts, place: Omit<ExecCall, 'command' | 'stdin'>): string {
  return logs.find((script) => fitsPod(script, place))?.text ?? '';
}
