// From answers to a state: open, guarded, closed, silent, or in use by something harmless.

import type { Severity } from '../model/index.ts';
import type { Answer, Knock } from './answer.ts';
import type { Door } from './doors.ts';
import { type LineProgram, type Program, programs } from './programs.ts';

/** `answers`: something is there and gives nothing away, as a web shop does. */
export type DoorState = 'open' | 'guarded' | 'answers' | 'closed' | 'silent';

export interface Judgement {
  readonly state: DoorState;
  /** How we know, without a word of what was read. */
  readonly evidence: string;
  /** Of an open door: what somebody without a login may do. */
  readonly what?: string;
  readonly severity?: Severity;
  /** The program, where it was recognised. */
  readonly program?: string;
}

export interface Exchange {
  readonly knock: Knock;
  readonly answer: Answer;
}

function tlsText(answer: Answer): string {
  const tls = 'tls' in answer ? answer.tls : undefined;
  return tls === undefined ? '' : `, ${tls.version}, certificate of "${tls.subject}"`;
}

function describe({ knock, answer }: Exchange): string {
  const scheme = knock.tls ? 'https' : 'http';
  switch (answer.kind) {
    case 'http':
      return `${scheme} GET ${knock.path ?? '/'}: ${answer.status}, ${answer.body.length} bytes${tlsText(answer)}`;
    case 'wants-certificate':
      return `asks for a certificate of the caller${tlsText(answer)}`;
    case 'bytes':
      return `speaks another protocol, ${answer.text.length} bytes${tlsText(answer)}`;
    default:
      return answer.reason;
  }
}

/** What is known least of all wins last: an address that answered once is not closed. */
function stateOf({ answer }: Exchange): DoorState {
  switch (answer.kind) {
    case 'closed':
    case 'silent':
      return answer.kind;
    case 'wants-certificate':
      return 'guarded';
    case 'http':
      return answer.status === 401 || answer.status === 403 ? 'guarded' : 'answers';
    default:
      return 'answers';
  }
}

const order: readonly DoorState[] = ['open', 'guarded', 'answers', 'closed', 'silent'];

function strongest(exchanges: readonly Exchange[]): Judgement {
  const [first] = exchanges.toSorted((a, b) => order.indexOf(stateOf(a)) - order.indexOf(stateOf(b)));
  if (first === undefined) return { state: 'silent', evidence: 'it was not asked' };
  return { state: stateOf(first), evidence: describe(first) };
}

/** What the answers at one of the known doors mean. Pure. */
export function judgeDoor(door: Door, exchanges: readonly Exchange[]): Judgement {
  for (const exchange of exchanges) {
    const { answer, knock } = exchange;
    const what = answer.kind === 'http' ? door.open(answer, knock) : undefined;
    if (what !== undefined) return { state: 'open', evidence: describe(exchange), what, severity: door.severity };
  }
  return strongest(exchanges);
}

/** The program behind the first answer of a Service. */
export function recogniseProgram(answer: Answer): Program | undefined {
  return answer.kind === 'http' ? programs.find((program) => program.recognises(answer)) : undefined;
}

/** What a recognised program gives away without a login. */
export function judgeProgram(program: Program, exchange: Exchange): Judgement {
  const { answer } = exchange;
  const isOpen = answer.kind === 'http' && answer.status === 200;
  const base = { evidence: describe(exchange), program: program.title };
  if (isOpen) return { state: 'open', ...base, what: program.what, severity: program.severity };
  return { state: 'guarded', ...base };
}

export function judgeLine(program: LineProgram, exchange: Exchange): Judgement {
  const { answer } = exchange;
  if (answer.kind !== 'bytes') return strongest([exchange]);
  const word = program.line.trim();
  if (program.open.test(answer.text))
    return {
      state: 'open',
      evidence: `answers ${word} without a password`,
      what: program.what,
      severity: program.severity,
      program: program.title,
    };
  if (program.guarded.test(answer.text))
    return { state: 'guarded', evidence: `refuses ${word}`, program: program.title };
  return strongest([exchange]);
}

export function judgeService(exchanges: readonly Exchange[]): Judgement {
  return strongest(exchanges);
}
