// `init`: writes a commented nowwhat.yaml, and never over an existing file.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newestKnownMinor } from '../../kube/versions.ts';
import { UserError } from '../../model/index.ts';
import type { Io } from '../io.ts';

/** Every setting, commented out with its default or an example. */
export const configTemplate = `# Settings of nowwhat for the app in this folder. Every line is optional.

# Target version of Kubernetes.
# kubeVersion: "1.${newestKnownMinor}"

# Where the app will run: self-managed, managed, minikube, eks, gke, aks, ovhcloud, openshift.
# A managed service takes the duties of the control plane over.
# target: self-managed

# Namespace of objects that name none.
# namespace: shop

# Registries that images may come from; leave out to allow all.
# allowedRegistries:
#   - registry.example.com/shop

# Reports of scanners, cosign and kube-bench that settle what files cannot tell: files, or folders of them.
# evidence:
#   - web.trivy.json

# Where backups of the app are kept: a folder beside this file, or s3://BUCKET/PREFIX?endpoint=URL. The journey looks at what is there.
# store: ./kept

# Findings of this severity or worse give exit status 1: critical, high, medium, low, any, never.
# failOn: any

# Levels that must be reached.
# require:
#   security: 2

# Findings that somebody accepts until a date, for a reason. After the date they are findings again.
# exceptions:
#   - check: host-path
#     subject: DaemonSet/shop/log-collector   # kind/namespace/name, * stands for any text
#     owner: jana@example.com
#     reason: reads the node's logs, read-only
#     until: "2027-03-31"

# What \`nowwhat fix\` does where a finding needs a decision; it lists the choices and what they mean.
# choices:
#   - check: memory-limit-missing
#     subject: Deployment/*/web   # all subjects where left out
#     take: name-limit
#     value: 512Mi

# Overlays that the output of charts goes through before it is applied, as Helm's post-renderer.
# postRender:
#   - chart: chart
#     overlay: chart-post-render

# Checks that are switched off for this app, or that count more or less than elsewhere, with the reason.
# checks:
#   cpu-limit-missing:
#     skip: bursts are wanted, requests are honest
#   image-latest:
#     severity: critical
#     reason: a release must be repeatable, the auditor asks for it

# Checks of your own, in the expression language of Kubernetes' admission policies.
# customChecks:
#   - id: team-label
#     title: Workloads carry a team label
#     leg: deployment
#     level: 2
#     match: { kinds: [Deployment, StatefulSet] }
#     expression: "'team' in object.metadata.?labels.orValue({})"
#     message: add the label team
#     path: metadata.labels
#     remediation: Add metadata.labels.team.
`;

export async function runInit(folder: string, io: Io): Promise<number> {
  const file = join(folder, 'nowwhat.yaml');
  await writeFile(file, configTemplate, { flag: 'wx' }).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    if (exists)
      throw new UserError('output-failed', `${file} exists already`, 'Edit it, or name another folder.', cause);
    throw new UserError(
      'output-failed',
      `${file} cannot be written`,
      'Choose a folder that exists and that you may write to.',
      cause,
    );
  });
  io.out(`wrote ${file}\n`);
  return 0;
}
