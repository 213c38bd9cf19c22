// Options that several commands share: how they are declared.

import { type Command, Option } from 'commander';
import { targets } from '../journey/index.ts';
import { newestKnownMinor } from '../kube/versions.ts';
import { owners, severities } from '../model/index.ts';

/** Requests to a cluster at the same time. */
export const usualConcurrency = 8;
/** Of commands that write many objects: nearly all of that is waiting for the API server. */
export const writingConcurrency = 32;

export const formats = ['text', 'json', 'sarif', 'junit', 'markdown', 'github', 'html'] as const;
export type Format = (typeof formats)[number];
export const graphFormats = ['text', 'json', 'mermaid', 'dot'] as const;
export type GraphFormat = (typeof graphFormats)[number];
export const trafficFormats = ['text', 'json', 'flows', 'mermaid', 'svg'] as const;
export type TrafficFormat = (typeof trafficFormats)[number];
export const networkFormats = ['text', 'matrix', 'list', 'json', 'mermaid', 'svg'] as const;
export type NetworkFormat = (typeof networkFormats)[number];
export const rolesFormats = ['yaml', 'text', 'json'] as const;
export type RolesFormat = (typeof rolesFormats)[number];
const colourChoices = ['auto', 'always', 'never'];

export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
export const collectIds = (value: string, earlier: readonly string[] = []): readonly string[] => [
  ...earlier,
  ...value.split(',').map((each) => each.trim()),
];

function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}

/** Options about how text looks. */
export function addLookOptions(command: Command): Command {
  return command
    .addOption(choice('--color <when>', 'colours; NO_COLOR and FORCE_COLOR are respected', colourChoices))
    .option('--width <columns>', 'columns of text (default: those of the terminal)');
}

/** Options about where the result goes. */
function addDestinationOptions(command: Command): Command {
  return addLookOptions(
    command
      .option('--output-file <file>', 'write into a file, whole or not at all')
      .option('-q, --quiet', 'nothing on standard output: the exit status tells'),
  );
}

/** Options about how clusters are read. */
export function addAccessOptions(command: Command, concurrency = usualConcurrency): Command {
  return addLoginOptions(
    command.option('-A, --all-namespaces', 'all namespaces of the cluster (default: the namespace of the context)'),
    concurrency,
  );
}

/** As whom a cluster is asked, and how hard. */
export function addLoginOptions(command: Command, concurrency = usualConcurrency): Command {
  return command
    .option('--kubeconfig <file>', 'kubeconfig (default: as kubectl finds it)')
    .option('--as <user>', 'ask the cluster as somebody else')
    .option('--as-group <group>', 'group of that user; may be repeated', collect)
    .option('--as-uid <uid>', 'uid of that user')
    .option('--as-user-extra <key=value>', 'what else the login of that user says; may be repeated', collect)
    .option('--concurrency <number>', `requests to the cluster at the same time (default: "${concurrency}")`);
}

/** Options about a cluster that is read instead of files. */
function addClusterOptions(command: Command, concurrency?: number): Command {
  return addAccessOptions(
    command.option('--context <name>', 'read this cluster instead of files; "." is the current context'),
    concurrency,
  );
}

/** Options about files that are read. */
export function addFileOptions(command: Command, namespace = ''): Command {
  return addDestinationOptions(
    command
      .option('-n, --namespace <name>', `namespace of objects that name none (default: "default")${namespace}`)
      .option('-f, --values <file>', 'values file for charts; may be repeated', collect)
      .option('--set <key=value>', 'value for charts; may be repeated', collect)
      .option('--allow-remote', 'let kustomizations fetch remote bases')
      .option('--max-file-size <size>', 'largest file that is read (default: "256Mi")')
      .option('--kube-version <version>', `target version of Kubernetes (default: "1.${newestKnownMinor}")`)
      .option('--config <file>', 'settings (default: the nearest nowwhat.yaml)'),
  );
}

/** Options of commands that are about one cluster and no files. */
export function addClusterOnlyOptions(
  command: Command,
  {
    namespace = 'namespaces that it is about, separated by commas',
    concurrency = usualConcurrency,
  }: { readonly namespace?: string; readonly concurrency?: number } = {},
): Command {
  const named = command.option('--context <name>', 'the cluster; "." is the current context');
  return addDestinationOptions(addAccessOptions(named, concurrency).option('-n, --namespace <name>', namespace));
}

/** Options of commands that are about one cluster, and say by words of their own which namespaces. */
export function addOneClusterOptions(command: Command, concurrency = usualConcurrency): Command {
  const named = command.option('--context <name>', 'the cluster; "." is the current context');
  return addDestinationOptions(addLoginOptions(named, concurrency));
}

/** Options of commands that change a cluster. */
export function addChangeOptions(command: Command): Command {
  return command
    .option('-y, --yes', 'agree to what would be changed')
    .option('--wait <duration>', 'how long a workload may take to be ready again (default: "5m")')
    .option('--keep', 'leave what was done as it is, also where the app does not become ready again');
}

/** Options about edits that need somebody's word. */
export function addDecisionOptions(command: Command): Command {
  return addSourceOptions(
    command
      .option('--choose <check=choice>', 'what to do where a finding needs a decision; may be repeated', collect)
      .option(
        '--take-over <manager>',
        'change fields of this field manager in a cluster, too; may be repeated',
        collect,
      ),
  );
}

/** Options of commands that put findings right, in files or in a cluster. */
export function addFixOptions(command: Command): Command {
  return addDecisionOptions(
    command
      .option('--to <leg=level>', 'only what is needed for these levels: security=4,deployment=2')
      .option(
        '--peer <name=value>',
        'for network policies: addresses or pods behind a host name, as network policies takes them',
        collect,
      )
      .option(
        '--flows <file>',
        'for network policies: connections that were seen, as `traffic -o flows` or others record them; may be repeated',
        collect,
      )
      .option(
        '--keep-uncalled',
        'for network policies: Services that nobody is known to call stay open for their namespace (default without --flows)',
      )
      .option(
        '--close-uncalled',
        'for network policies: Services that nobody is known to call are closed (default with --flows)',
      )
      .option('--no-post-render', 'leave what neither values nor templates of a chart decide: no overlay behind it'),
  );
}

/** Options of commands about a plan that was made before: a cluster only where it is about one. */
export function addPlanOptions(command: Command): Command {
  return addDestinationOptions(
    addChangeOptions(command)
      .addOption(choice('-o, --output <format>', 'format', ['text', 'json']).default('text'))
      .option('--context <name>', 'context of the cluster that the plan was made for (default: its own)')
      .option('--kubeconfig <file>', 'kubeconfig (default: as kubectl finds it)')
      .option('--as <user>', 'ask the cluster as somebody else')
      .option('--as-group <group>', 'group of that user; may be repeated', collect)
      .option('--as-uid <uid>', 'uid of that user')
      .option('--as-user-extra <key=value>', 'what else the login of that user says; may be repeated', collect)
      .option('--concurrency <number>', `requests to the cluster at the same time (default: "${usualConcurrency}")`),
  );
}

/** Options about what is read: files or a cluster. */
export function addSourceOptions(command: Command): Command {
  return addFileOptions(addClusterOptions(command), '; of a cluster, those to read, separated by commas');
}

/** Options about places of which each may be files or a cluster, as its name says. */
export function addPlaceOptions(command: Command): Command {
  return addFileOptions(addAccessOptions(command), '; of clusters, those to read, separated by commas');
}

/** Options about who does what. */
export function addDutyOptions(command: Command): Command {
  return addSourceOptions(
    command
      .option('--evidence <file>', 'report of a scanner, cosign or kube-bench, or a folder; may be repeated', collect)
      .addOption(
        choice(
          '--target <kind>',
          'where the app will run; a managed service takes over duties of the control plane',
          targets,
        ),
      ),
  );
}

/** Options about what is judged and how it is shown. */
export function addReportOptions(command: Command): Command {
  command
    .addOption(choice('-o, --output <format>', 'format of the report', formats).default('text'))
    .addOption(choice('--role <role>', 'only what this person has to do', owners))
    .option('--all', 'show unknown, accepted and known findings too, and skipped files')
    .option('--check <ids>', 'only these checks, separated by commas', collectIds)
    .option('--skip <ids>', 'all but these checks', collectIds)
    .option(
      '--profile <name>',
      'admit pods by a Pod Security Standard instead: pod-security/baseline or pod-security/restricted, with @v1.N',
    )
    .addOption(
      choice('--fail-on <severity>', 'findings of this severity or worse give exit status 1 (default: "any")', [
        ...severities,
        'any',
        'never',
      ]),
    )
    .option('--require <levels>', 'levels that must be reached, such as security=2,backups=1')
    .option('--baseline <file>', 'a former JSON report: only findings that it does not have count');
  return addDutyOptions(command);
}
