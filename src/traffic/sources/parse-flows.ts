// Reads recorded connections line by line, whoever recorded them, and merges those that are alike.

import { isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import type { Flow, Ignored, ReadFlows } from '../flow.ts';
import { isHubble, parseHubbleFlow } from './hubble.ts';
import { isGadget, parseGadgetFlow } from './inspektor-gadget.ts';
import { flowSchema, parseOwnFlow } from './own-format.ts';
import { isPrometheus, parsePrometheus } from './prometheus.ts';

/** Reasons that are kept word for word; more are only counted. */
const mostIgnored = 20;

function readRecord(raw: JsonObject, where: string): ReadFlows | Flow | string | undefined {
  if (raw['schema'] === flowSchema) return parseOwnFlow(raw, where);
  if (isPrometheus(raw)) return parsePrometheus(raw, where);
  if (isHubble(raw)) return parseHubbleFlow(raw, where);
  if (isGadget(raw)) return parseGadgetFlow(raw, where);
  return 'is no record of a connection that is known here';
}

/** Takes lines; holds one flow for each pair of ends and port, however many lines there are. */
export class FlowReader {
  readonly #flows = new Map<string, Flow>();
  readonly #ignored: Ignored[] = [];
  #ignoredCount = 0;
  #records = 0;

  /** Lines that held a connection. */
  get records(): number {
    return this.#records;
  }

  get ignoredCount(): number {
    return this.#ignoredCount;
  }

  line(text: string, where: string): void {
    if (text.trim() === '') return;
    let value: Json;
    try {
      value = JSON.parse(text);
    } catch {
      this.#ignore({ where, reason: 'is no whole JSON' });
      return;
    }
    for (const each of Array.isArray(value) ? value : [value]) this.#take(each, where);
  }

  result(): ReadFlows {
    return { flows: [...this.#flows.values()], ignored: this.#ignored };
  }

  #take(value: Json, where: string): void {
    const read = isJsonObject(value) ? readRecord(value, where) : 'is no JSON object';
    if (typeof read === 'string') this.#ignore({ where, reason: read });
    else if (read !== undefined && 'flows' in read) {
      for (const flow of read.flows) this.#add(flow);
      for (const each of read.ignored) this.#ignore(each);
    } else if (read !== undefined) this.#add(read);
  }

  #ignore(each: Ignored): void {
    this.#ignoredCount += 1;
    if (this.#ignored.length < mostIgnored) this.#ignored.push(each);
  }

  #add(flow: Flow): void {
    this.#records += 1;
    const key = JSON.stringify([flow.from, flow.to, flow.protocol, flow.port, flow.outcome]);
    const before = this.#flows.get(key);
    this.#flows.set(key, before === undefined ? flow : mergeFlows(before, flow));
  }
}

function mergeFlows(a: Flow, b: Flow): Flow {
  const times = [a.time, a.last, b.time, b.last].filter((time) => time !== undefined).sort();
  const [first] = times;
  const last = times.at(-1);
  return {
    ...a,
    count: a.count + b.count,
    ...(first === undefined ? {} : { time: first }),
    ...(last === undefined ? {} : { last }),
  };
}

/** A value over many lines must be kept whole: up to this many characters. */
const mostKept = 64 * 1024 * 1024;

/** Reads lines one by one. A text that begins with an open bracket alone is one value, as an answer of Prometheus may be saved. */
export class FlowLines {
  readonly reader = new FlowReader();
  readonly #name: string;
  #number = 0;
  #kept: string[] | undefined;
  #size = 0;

  constructor(name: string) {
    this.#name = name;
  }

  take(line: string): void {
    this.#number += 1;
    if (this.#number === 1 && /^\s*[[{]\s*$/.test(line)) this.#kept = [];
    if (this.#kept === undefined) {
      this.reader.line(line, `${this.#name}:${this.#number}`);
      return;
    }
    this.#size += line.length;
    if (this.#size <= mostKept) this.#kept.push(line);
  }

  /** All lines were given. */
  end(): FlowReader {
    if (this.#kept !== undefined) this.reader.line(this.#kept.join('\n'), this.#name);
    return this.reader;
  }
}
