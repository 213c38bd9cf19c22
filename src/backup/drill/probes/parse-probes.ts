// What a user asks of an app that came back: requests to its Services, commands in its pods. Read strictly: a word that is misspelt would be a probe that never runs.

import * as z from 'zod';
import { parseGoDuration } from '../../../kube/durations.ts';
import { parseYaml } from '../../../kube/yaml/index.ts';
import { UserError } from '../../../model/index.ts';

/** Kinds that lead to pods, by the names that kubectl takes. */
const kinds = {
  service: 'Service',
  deployment: 'Deployment',
  statefulset: 'StatefulSet',
  daemonset: 'DaemonSet',
  pod: 'Pod',
} as const;

const shortNames: Readonly<Record<string, keyof typeof kinds>> = {
  svc: 'service',
  deploy: 'deployment',
  sts: 'statefulset',
  ds: 'daemonset',
  po: 'pod',
};

const http = z.strictObject({
  port: z.union([z.int().min(1).max(65_535), z.string().min(1)]),
  path: z.string().startsWith('/').default('/'),
  headers: z.record(z.string(), z.string()).default({}),
  status: z.int().min(100).max(599).default(200),
  matches: z.string().optional(),
});
const exec = z.strictObject({
  command: z.array(z.string()).min(1),
  container: z.string().optional(),
  matches: z.string().optional(),
});
const probe = z.strictObject({
  name: z.string().min(1).max(120),
  namespace: z.string().optional(),
  in: z.string(),
  within: z.string().default('1m'),
  http: http.optional(),
  exec: exec.optional(),
});
const file = z.strictObject({ probes: z.array(probe).min(1) });

export interface PodPlace {
  readonly kind: (typeof kinds)[keyof typeof kinds];
  readonly name: string;
}

export type ProbeAct =
  | {
      readonly type: 'http';
      /** Of the Service where the place is one, else of a container: its number or its name. */
      readonly port: number | string;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly status: number;
      readonly matches: RegExp | undefined;
    }
  | {
      readonly type: 'exec';
      /** Program and arguments; no shell. */
      readonly command: readonly string[];
      readonly container: string | undefined;
      readonly matches: RegExp | undefined;
    };

export interface DrillProbe {
  readonly name: string;
  /** Namespace of the backup; left out where the backup has one only. */
  readonly namespace: string | undefined;
  readonly place: PodPlace;
  /** Milliseconds in which it must hold once: an app that is ready may still be filling its caches. */
  readonly within: number;
  readonly act: ProbeAct;
}

function wrong(where: string, why: string): UserError {
  const advice = 'Write probes as in docs/restores.md: name, in, and one of http and exec.';
  return new UserError('invalid-option', `${where}: ${why}`, advice);
}

function isKind(word: string): word is keyof typeof kinds {
  return Object.hasOwn(kinds, word);
}

function parsePlace(text: string, where: string): PodPlace {
  const [word = '', name = '', ...rest] = text.split('/');
  const kind = shortNames[word.toLowerCase()] ?? word.toLowerCase();
  if (isKind(kind) && name !== '' && rest.length === 0) return { kind: kinds[kind], name };
  throw wrong(where, `"${text}" is none of ${Object.keys(kinds).join('/NAME, ')}/NAME`);
}

function parseWithin(text: string, where: string): number {
  const nanoseconds = parseGoDuration(text);
  if (nanoseconds !== undefined && nanoseconds > 0n) return Number(nanoseconds / 1_000_000n);
  throw wrong(where, `"${text}" is not a duration such as 30s or 2m`);
}

function parsePattern(pattern: string | undefined, where: string): RegExp | undefined {
  if (pattern === undefined) return undefined;
  try {
    return new RegExp(pattern, 'mu');
  } catch {
    throw wrong(where, `"${pattern}" is not a regular expression`);
  }
}

function parseAct(raw: z.infer<typeof probe>, where: string): ProbeAct {
  if (raw.http !== undefined && raw.exec === undefined)
    return { type: 'http', ...raw.http, matches: parsePattern(raw.http.matches, `${where}.http.matches`) };
  if (raw.exec !== undefined && raw.http === undefined) {
    const { command, container, matches } = raw.exec;
    return { type: 'exec', command, container, matches: parsePattern(matches, `${where}.exec.matches`) };
  }
  throw wrong(where, 'it must have one of http and exec');
}

function toProbe(raw: z.infer<typeof probe>, where: string): DrillProbe {
  const act = parseAct(raw, where);
  const place = parsePlace(raw.in, `${where}.in`);
  return {
    name: raw.name,
    namespace: raw.namespace,
    place,
    within: parseWithin(raw.within, `${where}.within`),
    act,
  };
}

/** From YAML or JSON. Throws `UserError` with the place of what is wrong. */
export function parseProbes(content: string, source: string): readonly DrillProbe[] {
  const result = parseYaml(content);
  if (!result.ok) throw wrong(source, result.failure.reason);
  const { success, data, error } = file.safeParse(result.parsed.values[0] ?? null);
  if (!success) {
    const [issue] = error.issues;
    throw wrong(`${source}: ${issue?.path.join('.') || 'the file'}`, issue?.message ?? 'it is not understood');
  }
  const names = data.probes.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw wrong(source, `two probes are called "${twice}"`);
  return data.probes.map((each, at) => toProbe(each, `${source}: probes.${at}`));
}
