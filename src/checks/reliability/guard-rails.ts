// The checks of this family that an API server can hold to, in CEL. Those that a LimitRange or another object settles are left out.

import { containerRail, type GuardRail, objectRail, templateRail, workloadRail } from '../guard-rails/guard-rail.ts';

const isBatch =
  "(request.kind.kind in ['Job', 'CronJob'] || (request.kind.kind == 'Pod' && variables.spec.?restartPolicy.orValue('') in ['Never', 'OnFailure']))";
const job = "(request.kind.kind == 'CronJob' ? dyn(object).spec.jobTemplate.spec : dyn(object).spec)";

export const reliabilityRails: readonly GuardRail[] = [
  containerRail(
    'liveness-probe-missing',
    "request.kind.kind in ['Pod', 'PodTemplate', 'Job', 'CronJob'] || container.?livenessProbe.orValue({}).size() > 0",
    'main',
  ),
  {
    ...templateRail(
      'duplicate-env',
      'variables.names.all(names, names.all(name, names.indexOf(name) == names.lastIndexOf(name)))',
    ),
    variables: {
      names: 'variables.containers.map(container, container.?env.orValue([]).map(entry, entry.name))',
    },
  },
  templateRail(
    'graceful-stop-disabled',
    `${isBatch} || variables.spec.?terminationGracePeriodSeconds.orValue(30) != 0`,
  ),
  // The scheduler writes the name of the node into a pod: on an update it says nothing.
  templateRail(
    'pinned-to-node',
    "(variables.spec.?nodeName.orValue('') == '' || request.operation == 'UPDATE') && variables.spec.?nodeSelector[?'kubernetes.io/hostname'].orValue('') == ''",
  ),
  workloadRail('job-never-removed', ['Job'], 'dyn(object).spec.?ttlSecondsAfterFinished.hasValue()'),
  workloadRail(
    'job-without-deadline',
    ['Job', 'CronJob'],
    `${job}.?activeDeadlineSeconds.hasValue() || variables.spec.?activeDeadlineSeconds.hasValue()`,
  ),
  workloadRail('cronjob-deadline', ['CronJob'], 'dyn(object).spec.?startingDeadlineSeconds.hasValue()'),
  objectRail('hpa-min-replicas', ['HorizontalPodAutoscaler'], ['spec'], 'object.spec.?minReplicas.orValue(1) >= 2'),
  objectRail(
    'hpa-fixed-replicas',
    ['HorizontalPodAutoscaler'],
    ['spec'],
    'object.spec.maxReplicas > object.spec.?minReplicas.orValue(1)',
  ),
  objectRail(
    'pdb-unhealthy-pods',
    ['PodDisruptionBudget'],
    ['spec'],
    "object.spec.?unhealthyPodEvictionPolicy.orValue('') == 'AlwaysAllow'",
  ),
];
