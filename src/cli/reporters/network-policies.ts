// The proof of network policies: for a terminal, as comments above the YAML, and for programs.

import type { NetworkPoliciesAnswer } from '../../app/network/network-policies.ts';
import type { Cut, Inferred, Line, Proof } from '../../inference/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { hang } from '../layout.ts';
import { visible } from '../style.ts';
import type { Look } from './look.ts';
import { coverageWords, windowWords } from './traffic/coverage.ts';
import { count, shownSource } from './words.ts';

function observed({ report }: NetworkPoliciesAnswer): boolean {
  return report.window.sources.length > 0;
}

function keptWords({ connections, kept }: Proof, isObserved: boolean): string {
  const what = isObserved ? 'declared and observed' : 'declared';
  return `${kept} of ${connections} ${what} ${connections === 1 ? 'connection' : 'connections'} kept`;
}

function beyondWords({ surplus, neverSeen, notDeclared }: Proof, isObserved: boolean): string {
  const beyond = `${surplus.length} let through beyond that`;
  return isObserved
    ? `${beyond}, ${neverSeen.length} declared and never seen, ${notDeclared.length} seen and not declared`
    : beyond;
}

function metadataWords({ metadataOpen }: Proof): string {
  if (metadataOpen.length === 0) return 'the metadata service is closed';
  const who = metadataOpen.map(({ workload, policies }) => `${workload} by policy ${policies.join(', ')}`);
  return `the metadata service stays OPEN to ${who.join('; ')}`;
}

function alwaysWords(proof: Proof): string {
  const { dns, workloads } = proof;
  const metadata = metadataWords(proof);
  return `DNS over UDP and TCP for ${dns} of ${count(workloads, 'workload')}; ${metadata}; the kubelet's probes come from the pod's own node, which is always let through`;
}

function enforcementWords({ enforcement: { enforces, why } }: NetworkPoliciesAnswer): string {
  if (enforces === true) return `Policies are enforced: ${why}`;
  return enforces === false
    ? `Policies are NOT enforced here: ${why}`
    : `Whether policies are enforced is not known: ${why}`;
}

function cutWords({ from, to, port, why }: Cut): string {
  return `${from} → ${to}, ${port}: ${why}`;
}

function lineWords({ from, to, port, why }: Line): string {
  const [first] = why;
  return `${from} → ${to}, ${port}${first === undefined ? '' : `: ${first}`}`;
}

/** Comments above the YAML. */
export function proofHeader(answer: NetworkPoliciesAnswer): string[] {
  const { proof, decisions, policies, uncalled } = answer.inferred;
  const isObserved = observed(answer);
  return [
    `${count(policies.length, 'network policy', 'network policies')} for ${count(proof.workloads, 'workload')}: ${keptWords(proof, isObserved)}; ${beyondWords(proof, isObserved)}.`,
    `Observation: ${windowWords(answer.report.window)}.`,
    ...proof.cut.map((cut) => `Would be cut: ${cutWords(cut)}`),
    ...uncalled.map((each) => `Nobody is known to call, so it is closed: ${uncalledWords(each)}`),
    ...(uncalled.length === 0 ? [] : [uncalledAdvice]),
    ...decisions.map(({ about, done, advice }) => `To decide: ${about}: ${done}. ${advice}`),
  ].map(visible);
}

function section(title: string, rows: readonly string[], { style, width }: Look): string[] {
  if (rows.length === 0) return [];
  return [
    `  ${style.bold(title)} ${style.dim(String(rows.length))}`,
    ...rows.flatMap((row) => hang('    ', visible(row), width)),
    '',
  ];
}

const uncalledAdvice =
  'Who calls them may stand in the code of a program, and in no setting. Look at the traffic (--flows FILE, or --context NAME --for 10m) before you apply this, or leave them open for the pods of their namespace with --keep-uncalled.';

function uncalledWords({ service, workload, port }: Inferred['uncalled'][number]): string {
  return `Service ${service}, at ${workload} ${port}`;
}

function uncalledLines({ inferred: { uncalled } }: NetworkPoliciesAnswer, look: Look): string[] {
  if (uncalled.length === 0) return [];
  const { style, width } = look;
  const [title = '', ...rows] = section('Nobody is known to call: would be closed', uncalled.map(uncalledWords), look);
  return [style.warn(title), ...rows.slice(0, -1), ...hang('      ', uncalledAdvice, width).map(style.dim), ''];
}

function decisionLines({ inferred: { decisions } }: NetworkPoliciesAnswer, { style, width }: Look): string[] {
  if (decisions.length === 0) return [];
  return [
    `  ${style.bold('For you to decide')} ${style.dim(String(decisions.length))}`,
    ...decisions.flatMap(({ about, done, advice }) => [
      ...hang('    ', visible(`${about}: ${done}`), width),
      ...hang('      ', visible(advice), width).map(style.dim),
    ]),
    '',
  ];
}

/** What an observation says nothing of, however long it was. */
function gapWords({ report: { window }, inferred: { proof } }: NetworkPoliciesAnswer): string[] {
  const looked = window.sampled.length > 0;
  const started = window.changes.some(({ reason }) => reason === 'started' || reason.startsWith('restarted'));
  return [
    ...(proof.unseen.length === 0
      ? []
      : [`Seen at no end of any connection, so not covered: ${proof.unseen.join(', ')}`]),
    ...(looked && !started ? ['No pod started within: what a program calls only when it starts is not covered'] : []),
  ];
}

function coverageSection(answer: NetworkPoliciesAnswer, { style, width }: Look): string[] {
  const { report } = answer;
  return [
    ...hang('  ', `Observation: ${windowWords(report.window)}`, width),
    ...[...gapWords(answer), ...coverageWords(report)].flatMap((text) => hang('  ', visible(text), width)),
  ].map(style.dim);
}

export function renderProof(answer: NetworkPoliciesAnswer, look: Look): string {
  const { style, width } = look;
  const { proof, policies, notHeld, uncalled } = answer.inferred;
  const isObserved = observed(answer);
  const isWhole = proof.cut.length === 0 && uncalled.length === 0;
  const mark = isWhole ? style.good('✓') : proof.cut.length === 0 ? style.warn('!') : style.bad('✗');
  const set = `${count(policies.length, 'network policy', 'network policies')} for ${count(proof.workloads, 'workload')}`;
  return [
    '',
    ...hang('  ', `${shownSource(answer.report.source)}: ${set}`, width),
    ...hang(`  ${mark} `, `${keptWords(proof, isObserved)}; ${beyondWords(proof, isObserved)}`, width),
    ...hang(
      `  ${proof.metadataClosed && proof.dns === proof.workloads ? style.good('✓') : style.bad('✗')} `,
      visible(alwaysWords(proof)),
      width,
    ),
    ...hang('  ', enforcementWords(answer), width).map(answer.enforcement.enforces === true ? style.dim : style.warn),
    '',
    ...section('Would be cut', proof.cut.map(cutWords), look),
    ...uncalledLines(answer, look),
    ...decisionLines(answer, look),
    ...section('Seen and not declared: let through, look at them', proof.notDeclared.map(lineWords), look),
    ...section('Declared and never seen: let through', proof.neverSeen.map(lineWords), look),
    ...section(
      'Let through beyond that',
      proof.surplus.map(({ from, to, port }) => `${from} → ${to}, ${port}`),
      look,
    ),
    ...section(
      'In the network of their node: no policy holds them',
      notHeld.map(({ object: { namespace, kind, name } }) => `${kind} ${namespace}/${name}`),
      look,
    ),
    ...coverageSection(answer, look),
    '',
  ].join('\n');
}

/** `nowwhat.dev/network-policies/v1`. */
export function toPoliciesJson({ inferred, report, enforcement }: NetworkPoliciesAnswer): JsonObject {
  const { policies, proof, decisions, notHeld, uncalled } = inferred;
  const value = {
    schema: 'nowwhat.dev/network-policies/v1',
    source: report.source,
    policies: policies.map(({ raw }) => raw),
    proof,
    decisions,
    uncalled,
    notHeld: notHeld.map(({ object: { apiVersion, kind, namespace, name } }) => ({
      apiVersion,
      kind,
      namespace,
      name,
    })),
    enforcement,
    observation: report.window,
  };
  return value as unknown as JsonObject;
}
