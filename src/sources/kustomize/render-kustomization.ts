// Renders a kustomization with the user's own kustomize or kubectl: no plugins, no charts, and nothing from the network unless allowed.

import { resolve } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { Unreadable } from '../../model/index.ts';
import { emptyPart, type Part, unreadablePart } from '../part.ts';
import { type Environment, findOnPath, findProgram } from '../programs/find-program.ts';
import { runProgram } from '../programs/run-program.ts';
import type { ReadOptions } from '../read-options.ts';
import { describeKustomizeFailure } from './describe-failure.ts';
import { type Graph, type GraphNode, reach } from './graph.ts';
import { readOriginals } from './read-originals.ts';
import { traceObjects } from './trace-objects.ts';

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
function refusal(graph: Graph, top: GraphNode, allowRemote: boolean): Part | undefined {
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

/** Renders and reads one kustomization. Failures are unreadables of the part. */
export async function renderKustomization(graph: Graph, top: GraphNode, options: ReadOptions): Promise<Part> {
  const { folder, file } = top.kustomization;
  const refused = refusal(graph, top, options.allowRemote);
  if (refused !== undefined) return refused;
  const renderer = await findRenderer(options.environment);
  if (renderer === undefined)
    return problem(
      file,
      'kustomize-missing',
      'the kustomization needs kustomize or kubectl to be rendered, and neither was found',
      'Install kubectl (https://kubernetes.io/docs/tasks/tools), or set NOWWHAT_KUBECTL or NOWWHAT_KUSTOMIZE to a path.',
    );
  const environment = offline(options.environment, options.allowRemote);
  const args = [...renderer.args, resolve(folder)];
  // The user's own files are read while the program runs.
  const [run, originals] = await Promise.all([
    runProgram({ program: renderer.program, args, environment, timeout }),
    readOriginals(graph, top, options),
  ]);
  if (run.ended === 'timed-out')
    return problem(
      file,
      'kustomize-failed',
      `it took longer than ${timeout / 1000} seconds`,
      `Run kubectl kustomize ${folder} by itself.`,
    );
  if (run.ended === 'not-started')
    return problem(
      file,
      'kustomize-failed',
      `${renderer.program} could not be started`,
      'Check that it is a program for this computer.',
    );
  if (run.status !== 0) {
    const reason = describeKustomizeFailure(run.stderr, resolve('.'), '.');
    return problem(file, 'kustomize-failed', reason, `Run kubectl kustomize ${folder} and correct what it says.`);
  }
  return traceObjects(parseRendering(top, run.stdout, options.namespace), originals);
}

function parseRendering({ kustomization: { folder, file } }: GraphNode, stdout: string, namespace: string): Part {
  const source = { file, text: stdout, rendered: true };
  const origin = { kind: 'kustomize', unit: folder } as const;
  const { objects, unreadable } = parseManifests(source, { textIndex: 0, origin, namespace });
  const atFile = unreadable.map((each) => ({ ...each, position: { file, line: 1, column: 1 } }));
  return { ...emptyPart, texts: [source], objects, unreadable: atFile };
}
