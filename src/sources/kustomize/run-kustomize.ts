// Runs the user's own kustomize or kubectl on a folder: no plugins, no charts, and nothing from the network unless allowed.

import { resolve } from 'node:path';
import type { Unreadable } from '../../model/index.ts';
import { type Part, unreadablePart } from '../part.ts';
import { type Environment, findOnPath, findProgram } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';
import type { ReadOptions } from '../read-options.ts';
import { describeKustomizeFailure } from './describe-failure.ts';
import { type Graph, type GraphNode, reach } from './graph.ts';

/** Milliseconds a rendering may take. */
const timeout = 60_000;

interface Renderer {
  readonly program: string;
  readonly args: readonly string[];
}

/** A program the user named comes before one that happens to be on PATH. */
async function findRenderer(environment: Environment): Promise<Renderer | undefined> {
  const named = (variable: string): boolean => (environment[variable] ?? '') !== '';
  const kustomize = named('NOWWHAT_KUSTOMIZE') || !named('NOWWHAT_KUBECTL');
  const program = kustomize
    ? await findProgram('kustomize', 'NOWWHAT_KUSTOMIZE', environment)
    : await findProgram('kubectl', 'NOWWHAT_KUBECTL', environment);
  if (program !== undefined) return { program, args: kustomize ? ['build'] : ['kustomize'] };
  if (named('NOWWHAT_KUSTOMIZE') || named('NOWWHAT_KUBECTL')) return undefined;
  const kubectl = await findOnPath('kubectl', environment);
  return kubectl === undefined ? undefined : { program: kubectl, args: ['kustomize'] };
}

function problem(file: string, code: Unreadable['code'], reason: string, advice: string): Part {
  return unreadablePart({ code, position: { file, line: 1, column: 1 }, reason, advice });
}

/** Why the kustomization must not be run at all. */
export function findRefusal(graph: Graph, top: GraphNode, allowRemote: boolean): Part | undefined {
  for (const { kustomization, remotes } of reach(graph, top.key)) {
    const [remote] = remotes;
    if (remote !== undefined && !allowRemote)
      return problem(
        kustomization.file,
        'remote-base',
        `it refers to ${withoutCredentials(remote)}, which would be fetched from the network`,
        'Copy it beside the kustomization, or allow it with --allow-remote.',
      );
    if (kustomization.inflatesCharts)
      return problem(
        kustomization.file,
        'kustomize-failed',
        'it asks kustomize to render a Helm chart, which is not done',
        'Render the chart with helm template, and give its output or the chart itself.',
      );
  }
  return undefined;
}

function withoutCredentials(remote: string): string {
  return remote.replace(/\/\/[^/@]+@/, '//');
}

/** Without leave to fetch, git and HTTP lead nowhere: also where our own look at the entries missed one. */
function offline(environment: Environment, allowRemote: boolean): Environment {
  if (allowRemote) return environment;
  const nowhere = 'http://127.0.0.1:9';
  return { ...environment, GIT_ALLOW_PROTOCOL: 'none', HTTP_PROXY: nowhere, HTTPS_PROXY: nowhere, NO_PROXY: '' };
}

export interface KustomizeRun {
  /** Absolute path of the folder to render. */
  readonly folder: string;
  /** The kustomization, as problems are to name it. */
  readonly file: string;
  /** What the user can run to see the failure. */
  readonly command: string;
  /** Absolute path that messages of the program may name, and what stands for it there; the working folder and `.` where left out. */
  readonly hidden?: { readonly root: string; readonly shown: string };
}

export type KustomizeOutput =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: Part };

/** What the folder renders to. Never rejects for what the program does. */
export async function runKustomize(
  { folder, file, command, hidden = { root: resolve('.'), shown: '.' } }: KustomizeRun,
  { environment, allowRemote }: Pick<ReadOptions, 'environment' | 'allowRemote'>,
): Promise<KustomizeOutput> {
  const failed = (reason: string, advice: string): KustomizeOutput => ({
    ok: false,
    problem: problem(file, 'kustomize-failed', reason, advice),
  });
  const renderer = await findRenderer(environment);
  if (renderer === undefined)
    return {
      ok: false,
      problem: problem(
        file,
        'kustomize-missing',
        'the kustomization needs kustomize or kubectl to be rendered, and neither was found',
        'Install kubectl (https://kubernetes.io/docs/tasks/tools), or set NOWWHAT_KUBECTL or NOWWHAT_KUSTOMIZE to a path.',
      ),
    };
  const run = await runProgram({
    program: renderer.program,
    args: [...renderer.args, folder],
    environment: offline(environment, allowRemote),
    timeout,
  });
  if (run.ended === 'timed-out')
    return failed(`it took longer than ${timeout / 1000} seconds`, `Run ${command} by itself.`);
  if (run.ended === 'not-started')
    return failed(`${renderer.program} could not be started`, 'Check that it is a program for this computer.');
  if (run.status === 0) return { ok: true, text: run.stdout };
  const reason = describeKustomizeFailure(run.stderr, hidden.root, hidden.shown);
  return failed(reason, `Run ${command} and correct what it says.`);
}
