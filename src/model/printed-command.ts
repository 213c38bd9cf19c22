// Commands that are printed for a person to run: quoted for a shell, and with the options that lead to the same cluster as the same user.

/** Which cluster a printed command is about, as the user named it. */
export interface NamedCluster {
  /** Name of a context; `.` or '' for the current one. */
  readonly context?: string | undefined;
  /** Absent where it is found as kubectl finds it. */
  readonly kubeconfig?: string | undefined;
  readonly impersonate?:
    | {
        readonly user: string;
        readonly groups?: readonly string[];
        readonly uid?: string;
        readonly extra?: Readonly<Record<string, readonly string[]>>;
      }
    | undefined;
}

/** A word as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function shellCommand(words: readonly string[]): string {
  return words.map(shellWord).join(' ');
}

/** An option with its value, or nothing where it was not given. */
export function givenOption(option: string, value: string | undefined): string[] {
  return value === undefined ? [] : [option, value];
}

/** `--context prod --kubeconfig ~/prod`, as words. */
export function clusterOptions({ context = '', kubeconfig, impersonate }: NamedCluster): string[] {
  return [
    ...givenOption('--context', context === '' ? undefined : context),
    ...givenOption('--kubeconfig', kubeconfig),
    ...givenOption('--as', impersonate?.user),
    ...(impersonate?.groups ?? []).flatMap((group) => ['--as-group', group]),
    ...givenOption('--as-uid', impersonate?.uid),
    ...Object.entries(impersonate?.extra ?? {}).flatMap(([key, values]) =>
      values.flatMap((value) => ['--as-user-extra', `${key}=${value}`]),
    ),
  ];
}

/** A command of kubectl; it has no word for the current context. */
export function kubectlCommand(words: readonly string[], cluster: NamedCluster = {}): string {
  const { context, ...rest } = cluster;
  const options = clusterOptions(context === '.' ? rest : { ...rest, context });
  return shellCommand(['kubectl', ...options, ...words]);
}

/** A command of kubectl, or those in a sentence, between backticks, written by somebody who did not know the cluster. */
export function kubectlIn(text: string, cluster: NamedCluster): string {
  return text.replaceAll(/(^|`)kubectl /g, (_, before: string) => `${before}${kubectlCommand([], cluster)} `);
}
