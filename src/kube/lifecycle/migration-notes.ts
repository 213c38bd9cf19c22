// What changes for the user when an object moves to the newer version of its API.

const labelsAsSelector =
  '`spec.selector` is required and cannot be changed later: repeat the labels of the pod template';

/** By `group/kind`; the versions named are those the note applies to. Source: Kubernetes' deprecated API migration guide. */
const notes: readonly (readonly [kinds: readonly string[], versions: RegExp, note: string])[] = [
  [
    ['Ingress'],
    /^(?:extensions|networking\.k8s\.io)\/v1beta1$/,
    '`pathType` is required; a backend is written `service.name` with `service.port.number` or `service.port.name`; `spec.backend` is called `spec.defaultBackend`',
  ],
  [
    ['Deployment'],
    /^(?:extensions|apps)\/v1beta/,
    `${labelsAsSelector}; \`spec.rollbackTo\` is gone; a rollout now fails after 600 s without progress`,
  ],
  [
    ['DaemonSet'],
    /^(?:extensions|apps)\/v1beta/,
    `${labelsAsSelector}; \`spec.templateGeneration\` is gone; pods are replaced by RollingUpdate unless OnDelete is asked for`,
  ],
  [
    ['StatefulSet'],
    /^apps\/v1beta/,
    `${labelsAsSelector}; pods are replaced by RollingUpdate unless OnDelete is asked for`,
  ],
  [['ReplicaSet'], /^(?:extensions|apps)\/v1beta/, labelsAsSelector],
  [
    ['CustomResourceDefinition'],
    /v1beta1$/,
    'every version needs a structural `schema.openAPIV3Schema`; `spec.version`, `validation`, `subresources` and `additionalPrinterColumns` move into `spec.versions`; `spec.scope` must be given',
  ],
  [
    ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'],
    /v1beta1$/,
    '`sideEffects` (None or NoneOnDryRun) and `admissionReviewVersions` are required; `failurePolicy` now means Fail where left out, and a call times out after 10 s',
  ],
  [
    ['PodDisruptionBudget'],
    /^policy\/v1beta1$/,
    'an empty `spec.selector` now selects every pod of the namespace (before: none)',
  ],
  [
    ['PodSecurityPolicy'],
    /v1beta1$/,
    'there is no successor object: label the namespace for Pod Security Admission, or use a policy engine',
  ],
  [
    ['HorizontalPodAutoscaler'],
    /^autoscaling\/v2beta1$/,
    '`targetAverageUtilization` and `targetAverageValue` move into `target`, with `target.type`',
  ],
  [
    ['CertificateSigningRequest'],
    /v1beta1$/,
    '`spec.signerName` and `spec.usages` are required, and the signer `kubernetes.io/legacy-unknown` is refused',
  ],
  [['EndpointSlice'], /v1beta1$/, '`nodeName` and `zone` of an endpoint replace its `topology`'],
  [
    ['Event'],
    /^events\.k8s\.io\/v1beta1$/,
    '`involvedObject` is called `regarding`; `action`, `reason`, `reportingController` and `reportingInstance` are required',
  ],
  [
    ['PriorityLevelConfiguration'],
    /v1beta[12]$/,
    '`spec.limited.assuredConcurrencyShares` is called `nominalConcurrencyShares`',
  ],
  [
    ['PriorityLevelConfiguration'],
    /v1beta3$/,
    'an explicit `nominalConcurrencyShares: 0` stays 0 instead of becoming 30',
  ],
  [
    ['SubjectAccessReview', 'LocalSubjectAccessReview', 'SelfSubjectAccessReview'],
    /v1beta1$/,
    '`spec.group` is called `spec.groups`',
  ],
];

/** A sentence without a full stop, or `undefined` where nothing but the version changes. */
export function findMigrationNote(apiVersion: string, kind: string): string | undefined {
  return notes.find(([kinds, versions]) => kinds.includes(kind) && versions.test(apiVersion))?.[2];
}
