// Knocks at targets, some at a time, and judges what comes back.

import { setTimeout as pause } from 'node:timers/promises';
import {
  type Exchange,
  judgeDoor,
  judgeLine,
  judgeProgram,
  judgeService,
  type Judgement,
  type Knock,
  linePrograms,
  programKnock,
  recogniseProgram,
  serviceKnocks,
  type Target,
} from '../../exposure/index.ts';
import { ask } from './ask.ts';
import type { Dial } from './dial.ts';

export interface Looking {
  readonly dial: Dial;
  /** Hosts that are asked at once; each of them one question at a time. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  readonly progress: (what: string) => void;
}

export interface Looked extends Judgement {
  readonly target: Target;
}

/** Milliseconds between questions to one host: a firewall that counts should not take this for an attack. */
const betweenQuestions = 50;

/** A server of HTTPS says so in plain HTTP. */
function isWrongScheme({ knock, answer }: Exchange): boolean {
  return !knock.tls && answer.kind === 'http' && answer.status === 400 && /HTTPS/i.test(answer.body);
}

function isEnough(exchange: Exchange): boolean {
  const { kind } = exchange.answer;
  if (kind === 'closed' || kind === 'silent' || kind === 'wants-certificate') return true;
  return kind === 'http' && !isWrongScheme(exchange);
}

class Visitor {
  private readonly looking: Looking;
  private asked = 0;

  constructor(looking: Looking) {
    this.looking = looking;
  }

  private async question(target: Target, knock: Knock): Promise<Exchange> {
    const { dial, signal } = this.looking;
    if (this.asked > 0) await pause(betweenQuestions);
    this.asked += 1;
    return { knock, answer: await ask(dial, target, knock, signal) };
  }

  private async askAll(target: Target, knocks: readonly Knock[], all: boolean): Promise<Exchange[]> {
    const exchanges: Exchange[] = [];
    for (const knock of knocks) {
      const exchange = await this.question(target, knock);
      exchanges.push(exchange);
      const { kind } = exchange.answer;
      const isOver = kind === 'closed' || kind === 'silent';
      if (isOver || (!all && isEnough(exchange))) break;
    }
    return exchanges;
  }

  private async visitService(target: Target): Promise<Judgement> {
    const spoken = linePrograms.find(({ port }) => port === target.port);
    if (spoken !== undefined) return judgeLine(spoken, await this.question(target, { tls: false, line: spoken.line }));
    const exchanges = await this.askAll(target, serviceKnocks, false);
    const last = exchanges.at(-1);
    const program = last === undefined ? undefined : recogniseProgram(last.answer);
    if (program === undefined || last === undefined) return judgeService(exchanges);
    if (program.ask === undefined) return judgeProgram(program, last);
    return judgeProgram(program, await this.question(target, programKnock(program, last.knock.tls)));
  }

  async visit(target: Target): Promise<Looked> {
    const { door } = target;
    if (door === undefined) return { target, ...(await this.visitService(target)) };
    const exchanges = await this.askAll(target, door.knocks, door.all === true);
    return {
      target,
      ...judgeDoor(
        door,
        exchanges.filter((each) => !isWrongScheme(each)),
      ),
    };
  }
}

function byHost(targets: readonly Target[]): Target[][] {
  const groups = new Map<string, Target[]>();
  for (const target of targets) {
    const group = groups.get(target.host);
    if (group === undefined) groups.set(target.host, [target]);
    else group.push(target);
  }
  return [...groups.values()];
}

/** Asks every target once, in the order given for each host. */
export async function knockAtAll(targets: readonly Target[], looking: Looking): Promise<Looked[]> {
  const queue = byHost(targets).values();
  const looked = new Map<Target, Looked>();
  const lane = async (): Promise<void> => {
    for (const group of queue) {
      const visitor = new Visitor(looking);
      for (const target of group) {
        if (looking.signal.aborted) return;
        looking.progress(`asking ${target.host}:${target.port}, ${looked.size + 1} of ${targets.length}`);
        looked.set(target, await visitor.visit(target));
      }
    }
  };
  await Promise.all(Array.from({ length: looking.concurrency }, lane));
  return targets.flatMap((target) => looked.get(target) ?? []);
}
