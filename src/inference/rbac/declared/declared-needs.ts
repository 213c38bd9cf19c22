// What an app's own files say that its accounts ask of the API: kubectl in commands and scripts, discovery like Prometheus', programs that are known.

import type { Inventory, Workload } from '../../../inventory/index.ts';
import { accountOf } from '../../../inventory/rights/accounts.ts';
import { type Setting, settingsOf } from '../../../inventory/calls/settings.ts';
import { accountUserName } from '../../../kube/rbac-authorizer.ts';
import { parseManifests } from '../../../kube/manifests/parse-manifests.ts';
import { parseResource } from '../../../kube/resources.ts';
import { asArray, asString, type KubeObject, type Path, pushTo } from '../../../model/index.ts';
import type { DeclaredSource, Need, NeedUse } from '../need.ts';
import { createdTarget, needsOfKubectl, needsToApply, type Told } from './kubectl-needs.ts';
import { type KubectlCall, parseKubectl, type Target } from './kubectl-call.ts';
import { needsOfProgram } from './known-programs.ts';
import { needsOfDiscovery } from './service-discovery.ts';
import { type SimpleCommand, simpleCommands } from './shell-commands.ts';

export interface DeclaredUse {
  /** As the API server has it: `system:serviceaccount:shop:web`. */
  readonly user: string;
  readonly uses: readonly NeedUse[];
  /** Sentences: calls whose needs cannot be told. */
  readonly notes: readonly string[];
}

/** A text of a workload that may call the API, and where it stands. */
interface Text {
  readonly text: string;
  readonly what: string;
  readonly object: KubeObject;
  readonly path: Path;
}

interface Found {
  readonly needs: readonly Need[];
  readonly source: Text;
  readonly what: string;
}

function isKubectl(word: string): boolean {
  return /(?:^|\/)kubectl$/.test(word);
}

/** `FOO=1 exec kubectl …`, `timeout 5 kubectl …`: the words behind kubectl. */
function wordsBehindKubectl(words: readonly string[]): readonly string[] | undefined {
  const at = words.findIndex(isKubectl);
  const isCalled = words
    .slice(0, at)
    .every((word) =>
      /^(?:[A-Za-z_]\w*=.*|exec|time|timeout|sudo|nohup|if|while|until|then|do|else|!|\{|\d+[smh]?)$/.test(word),
    );
  return at === -1 || !isCalled ? undefined : words.slice(at + 1);
}

/** Variables that the container itself has. */
function expand(word: string, values: ReadonlyMap<string, string>): string {
  return word.replaceAll(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced: string, plain: string) => values.get(braced ?? plain) ?? whole,
  );
}

class WorkloadReader {
  readonly found: Found[] = [];
  readonly notes: string[] = [];
  private readonly home: string;
  private readonly files: readonly Setting[];

  constructor(workload: Workload, settings: readonly Setting[]) {
    this.home = workload.object.namespace;
    this.files = settings.filter(({ form, isSecret }) => form === 'file' && !isSecret);
  }

  readScript(source: Text, values: ReadonlyMap<string, string>): void {
    const commands = simpleCommands(source.text);
    for (const [index, command] of commands.entries()) this.readCommand(command, commands[index - 1], source, values);
  }

  private callOf({ words }: SimpleCommand, values: ReadonlyMap<string, string>): KubectlCall | undefined {
    const rest = wordsBehindKubectl(words);
    return (
      rest &&
      parseKubectl(
        rest.map((word) => expand(word, values)),
        this.home,
      )
    );
  }

  private readCommand(
    command: SimpleCommand,
    before: SimpleCommand | undefined,
    source: Text,
    values: ReadonlyMap<string, string>,
  ): void {
    const call = this.callOf(command, values);
    if (call === undefined) return;
    const what = `kubectl ${call.action}`;
    const earlier = command.isPiped && before !== undefined ? this.callOf(before, values) : undefined;
    const told =
      call.action === 'apply' || call.action === 'create' ? this.applied(call, earlier) : needsOfKubectl(call);
    if ('needs' in told) this.found.push({ needs: told.needs, source, what });
    else this.notes.push(`${what} in ${source.what}: ${told.unknown}.`);
  }

  /** What a file holds that a ConfigMap of the pod brings along, or what another kubectl gives. */
  private applied(call: KubectlCall, earlier: KubectlCall | undefined): Told {
    const made = earlier && createdTarget(earlier);
    if (made !== undefined) return { needs: needsToApply(made, call) };
    const names = (call.options.get('filename') ?? []).map((file) => file.split('/').at(-1));
    const files = this.files.filter(({ name }) => names.includes(name));
    const targets = files.flatMap(({ value }) => this.objectsIn(value));
    if (targets.length === 0) return { unknown: 'the file that it takes is not in a ConfigMap of the pod' };
    const needs = targets.flatMap(({ target, namespace }) => needsToApply(target, { ...call, namespace }));
    return { needs: call.action === 'create' ? needs.filter(({ verb }) => verb === 'create') : needs };
  }

  private objectsIn(text: string): { readonly target: Target; readonly namespace: string }[] {
    const origin = { kind: 'manifest', unit: '' } as const;
    const { objects } = parseManifests(
      { file: '', text, rendered: false },
      { textIndex: 0, origin, namespace: this.home },
    );
    return objects.flatMap(({ group, kind, name, namespace }) => {
      const resource = parseResource(`${kind.toLowerCase()}${group === '' ? '' : `.${group}`}`) ?? parseResource(kind);
      return resource === undefined ? [] : { target: { resource, name, isNamed: true }, namespace };
    });
  }

  readFile(source: Text): void {
    const needs = needsOfDiscovery(source.text, this.home);
    if (needs.length > 0) this.found.push({ needs, source, what: 'kubernetes_sd_configs' });
  }

  readProgram(image: string, source: Text, values: ReadonlyMap<string, string>): void {
    const program = needsOfProgram({ image, home: this.home, value: (name) => values.get(name) });
    if (program !== undefined) this.found.push({ needs: program.needs, source, what: program.name });
  }
}

/** Words of `command` and `args`: a command of its own, or a shell with a script. */
function commandText(words: readonly string[]): string {
  const shell = words.findIndex((word) => /^-[a-z]*c$/.test(word));
  if (/(?:^|\/)(?:ba|da|a)?sh$/.test(words[0] ?? '') && shell !== -1) return words[shell + 1] ?? '';
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}

function readContainers(reader: WorkloadReader, workload: Workload, groups: readonly (readonly Setting[])[]): void {
  for (const [index, { raw, name, path }] of workload.containers.entries()) {
    const image = asString(raw['image']) ?? '';
    const settings = groups[index] ?? [];
    const values = new Map(
      settings
        .filter(({ isSecret }) => !isSecret)
        .map((each) => [each.name, each.value.replace(/^-{1,2}[\w.-]+=/, '')]),
    );
    const words = ['command', 'args'].flatMap((field) => asArray(raw[field]).flatMap((word) => asString(word) ?? []));
    const source = { object: workload.object, path, what: `container "${name}"` };
    reader.readScript(
      { ...source, text: commandText(isKubectlImage(image, raw['command']) ? ['kubectl', ...words] : words) },
      values,
    );
    reader.readProgram(image, { ...source, text: '' }, values);
  }
}

/** Images whose entry point is kubectl: `bitnami/kubectl`, `registry.k8s.io/kubectl`. */
function isKubectlImage(image: string, command: unknown): boolean {
  return command === undefined && /(?:^|\/)kubectl(?:[:@]|$)/.test(image);
}

function readWorkload(inventory: Inventory, workload: Workload): WorkloadReader {
  const groups = settingsOf(inventory, workload);
  const files = groups.at(-1) ?? [];
  const reader = new WorkloadReader(workload, files);
  readContainers(reader, workload, groups);
  for (const { value, object, path, what, isSecret } of files) {
    if (isSecret) continue;
    const source = { text: value, object, path, what };
    reader.readFile(source);
    if (/\bkubectl\b/.test(value)) reader.readScript(source, new Map());
  }
  return reader;
}

function toUses(inventory: Inventory, { found }: WorkloadReader): NeedUse[] {
  return found.flatMap(({ needs, source: { object, path, what: where }, what }) => {
    const { file, line } = inventory.positions.of(object, path);
    const declared: DeclaredSource[] = [{ what: `${what} in ${where}`, file, line }];
    return needs.map((need) => ({ need, events: 0, declared }));
  });
}

/** By account. Values of Secrets are not looked into. */
export function declaredNeeds(inventory: Inventory): DeclaredUse[] {
  const byUser = new Map<string, WorkloadReader[]>();
  for (const workload of inventory.workloads) {
    const { namespace, name } = accountOf(workload);
    pushTo(byUser, accountUserName(namespace, name), readWorkload(inventory, workload));
  }
  return [...byUser].flatMap(([user, readers]) => {
    const uses = readers.flatMap((reader) => toUses(inventory, reader));
    const notes = [...new Set(readers.flatMap((reader) => reader.notes))];
    return uses.length === 0 && notes.length === 0 ? [] : { user, uses, notes };
  });
}
