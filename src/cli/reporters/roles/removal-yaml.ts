// A removal as YAML: the roles to apply first, and as comments what to take away afterwards.

import type { RemovalView, SubjectUnused, UnusedAnswer } from '../../../app/roles/unused-answer.ts';
import { kubectlCommand, type NamedCluster } from '../../../model/index.ts';
import { visible } from '../../style.ts';
import { logTexts, proofTexts, seenText, subjectTitle } from './words.ts';
import { commentLines, roleDocuments } from './yaml.ts';

function bindingWords({ kind, namespace, name }: RemovalView['keep'][number]): string[] {
  return [kind.toLowerCase(), name, ...(namespace === '' ? [] : ['-n', namespace])];
}

function removalTexts({ plan, subject }: SubjectUnused, cluster: NamedCluster): string[] {
  const steps = plan?.remove.map(({ binding, how }) =>
    how === 'binding'
      ? `then: ${kubectlCommand(['delete', ...bindingWords(binding)], cluster)}`
      : `then: ${kubectlCommand(['edit', ...bindingWords(binding)], cluster)}, and take ${subjectTitle(subject)} out`,
  );
  return steps ?? [];
}

function subjectDocuments(each: SubjectUnused, cluster: NamedCluster): string[] {
  const { plan } = each;
  if (plan === undefined) return [];
  const texts = [
    `${subjectTitle(each.subject)}: ${seenText(each)}`,
    ...proofTexts(plan).map(({ text }) => text),
    ...each.notes,
  ];
  // Whole lines, for a person to copy.
  const removal = removalTexts(each, cluster).map((text) => `# ${visible(text)}`);
  return roleDocuments([...texts.flatMap((text) => commentLines('', text)), ...removal], plan.apply);
}

export function renderRemovalYaml(answer: UnusedAnswer, cluster: NamedCluster): string {
  const head = [
    'Smaller roles in the place of what was not used, by nowwhat unused-rights. Apply them, then remove as the comments say.',
  ];
  const lines = [...head, ...logTexts({ ...answer, leftOut: [] })].flatMap((text) => commentLines('', text));
  const documents = answer.subjects.flatMap((each) => subjectDocuments(each, cluster));
  return `${lines.join('\n')}\n${documents.map((text) => `---\n${text}`).join('')}`;
}
