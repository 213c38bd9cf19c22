// Errors the user can act on, and the one table of their codes (docs/errors.md is held to it by a test).

/** Stable codes; scripts match on them. Say what happened here, the message says where. */
export const errorCodes = {
  'path-missing': 'The path does not exist.',
  'path-unreadable': 'The path exists but may not be read.',
  'nothing-to-read': 'The input holds no Kubernetes object.',
  'file-too-large': 'The file is larger than the limit.',
  'binary-file': 'The file is not text.',
  'unsupported-encoding': 'The text encoding is not UTF-8 or UTF-16.',
  'symlink-loop': 'A symbolic link leads back to a folder already being read, or to itself.',
  'invalid-yaml': 'The YAML cannot be parsed.',
  'invalid-json': 'The JSON cannot be parsed.',
  'yaml-too-deep': 'The YAML is nested deeper than the limit.',
  'yaml-alias-bomb': 'The YAML expands through aliases beyond the limit.',
  'not-an-object': 'The document is not a Kubernetes object.',
  'helm-missing': 'The helm program is needed and was not found.',
  'helm-failed': 'helm could not render the chart.',
  'invalid-chart': 'The chart cannot be read.',
  'kustomize-missing': 'Neither kustomize nor kubectl was found.',
  'kustomize-failed': 'The kustomization could not be rendered.',
  'remote-base': 'The kustomization asks for a remote resource.',
  'invalid-config': 'nowwhat.yaml is not valid.',
  'invalid-expression': 'A CEL expression cannot be compiled.',
  'unknown-command': 'No command and no path has this name.',
  'unknown-check': 'No check has this name.',
  'no-guard-rail': 'The check cannot be an admission policy.',
  'no-policy-engine': 'No engine that verifies signatures is in the input.',
  'policies-not-served': 'The target has no admission policies.',
  'unknown-choice': 'A check offers no choice of this name.',
  'unknown-profile': 'No profile has this name.',
  'unknown-end': 'Nothing of the input has this name, or several things have it.',
  'invalid-option': 'An option has a value that is not understood.',
  'invalid-baseline': 'The baseline file is not a report.',
  'invalid-snapshot': 'The saved snapshot was cut off or changed.',
  'invalid-digests': 'The recorded list of digests is not one.',
  'invalid-flows': 'The file holds no connections in a known format.',
  'invalid-audit-log': 'The file holds no events of an audit log.',
  'invalid-policies': 'The resource policies of a backup are not valid.',
  'invalid-backup': 'The backup was cut off, changed or is in no known format.',
  'namespace-missing': 'The cluster has no namespace of this name.',
  'not-a-clone': 'The namespace is there, and is no copy that a clone made of the original.',
  'not-a-schedule': 'The CronJob is there, and is no backup schedule of ours.',
  'schedule-missing': 'There is no backup schedule of this name.',
  'schedule-busy': 'A run of the schedule is under way.',
  'volume-failed': 'The data of a volume could not be saved or brought back.',
  'volume-unreadable': 'What a backup holds of a volume could not be read back.',
  'store-key-exists': 'The store already holds a key of this name.',
  'store-key-missing': 'The store holds no key of this name.',
  'store-missing': 'The store does not exist.',
  'store-refused': 'The store refuses the request.',
  'store-unreachable': 'The store does not answer.',
  'store-full': 'The store has no room left.',
  'store-failed': 'The store failed.',
  'invalid-evidence': 'The evidence file is not in a known format.',
  'kubeconfig-missing': 'There is no kubeconfig.',
  'kubeconfig-invalid': 'The kubeconfig cannot be understood.',
  'unknown-context': 'The kubeconfig has no such context, cluster or user, or none is chosen.',
  'credential-unreadable': 'A file with credentials cannot be read.',
  'credential-unsupported': 'The kubeconfig names a way to log in that Kubernetes has given up.',
  'login-program-missing': 'The program that logs in to the cluster was not found.',
  'login-program-failed': 'The program that logs in to the cluster gave no credential.',
  'cluster-unreachable': 'The cluster does not answer.',
  'cluster-not-trusted': 'The certificate of the cluster is not one that the kubeconfig trusts.',
  'cluster-unauthorized': 'The cluster does not accept the credentials.',
  'cluster-forbidden': 'The cluster does not permit the request to this user.',
  'cluster-refused': 'The cluster refused the request.',
  'cluster-failed': 'The cluster failed to answer the request.',
  'not-agreed': 'Nobody agreed to what the command would do.',
  'network-would-cut': 'The policies would cut a connection that is declared or was seen.',
  'no-policies': 'There is no NetworkPolicy to look at.',
  'nothing-to-rehearse': 'No connection between pods of the app can be tried.',
  'probe-pod-failed': 'The pod that looks from inside did not start.',
  'unknown-resource': 'The cluster serves no such resource.',
  'file-changed': 'A file that was to be edited is not as it was read.',
  'invalid-plan': 'The plan or record cannot be understood.',
  'nothing-to-plan': 'A report has no step that a plan could hold.',
  'plan-changed': 'What the plan rests on is not as it was.',
  'plan-done': 'The plan was applied already, or there is nothing to undo.',
  'plan-busy': 'Another run carries the plan out or takes it back.',
  'plan-other-cluster': 'The plan was made for another cluster.',
  'field-conflict': 'Somebody else holds a field with another value.',
  'secret-in-plan': 'The plan would hold the value of a secret.',
  'prometheus-unreachable': 'Prometheus does not answer.',
  'output-failed': 'The output file cannot be written.',
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** Something the user can put right. Printed without a stack; exit status 2. */
export class UserError extends Error {
  readonly code: ErrorCode;
  /** What to do next, imperative. */
  readonly advice: string;

  constructor(code: ErrorCode, what: string, advice: string, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.name = 'UserError';
    this.code = code;
    this.advice = advice;
  }
}
