// Finds settings of the cluster's name server that answer in the name of Services or of the API server.

import { asObject, asString, isIn, type KubeObject } from '../../model/index.ts';
import { type AppDiagnostic, objectCheck } from '../check.ts';

/** Plugins of CoreDNS that make up or change answers, and the names that only the cluster should answer for. Source: CoreDNS manual. */
const changing = /^\s*(rewrite|hosts|template|file)\b/;
const clusterNames = /\bcluster\.local\b|\.svc\b|\bkubernetes\.default\b/;

interface Line {
  readonly plugin: string;
  readonly number: number;
}

/** What a rewrite answers for: its first name. To lead a name of one's own to a Service is its usual work. */
function rewrittenName(line: string): string {
  const words = line.trim().split(/\s+/);
  const from = words.indexOf('name') + 1;
  return words[isIn(['exact', 'prefix', 'suffix', 'substring', 'regex'], words[from]) ? from + 1 : from] ?? '';
}

function opensBlock(line: string): boolean {
  return line.includes('{') && !line.includes('}');
}

/** Each line with the plugin whose block it stands in, or that it begins; comments are left out. */
function readLines(corefile: string): (Line & { readonly text: string })[] {
  let plugin: string | undefined;
  return corefile.split('\n').flatMap((text, index) => {
    if (/^\s*#/.test(text)) return [];
    const begun = changing.exec(text)?.[1];
    const current = begun ?? plugin;
    if (begun !== undefined) plugin = opensBlock(text) ? begun : undefined;
    else if (text.includes('}')) plugin = undefined;
    return current === undefined ? [] : [{ plugin: current, number: index + 1, text }];
  });
}

/** Lines by which a plugin answers for names of the cluster. */
function findLines(corefile: string): Line[] {
  return readLines(corefile).filter(({ plugin, text }) =>
    clusterNames.test(plugin === 'rewrite' && text.includes('name') ? rewrittenName(text) : text),
  );
}

function isNameServer({ name }: KubeObject): boolean {
  return name === 'coredns' || name === 'coredns-custom';
}

export const dnsAnswersChanged = objectCheck(
  {
    id: 'dns-answers-changed',
    family: 'control-plane',
    title: 'The name server answers for Services by itself',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'MITRE', id: 'T1557' }],
    remediation: 'Take the rule out of the Corefile, unless you know who needs it and why.',
    minutes: 30,
  },
  {
    kinds: ['/ConfigMap'],
    applies: (object) => isNameServer(object),
    find: ({ raw }) =>
      Object.entries(asObject(raw['data'])).flatMap(([key, text]) =>
        findLines(asString(text) ?? '').map(
          ({ plugin, number }): AppDiagnostic => ({
            message: `the plugin ${plugin} of the name server answers for names of the cluster: callers can be led anywhere`,
            path: ['data', key],
            evidence: `line ${number} of ${key}`,
          }),
        ),
      ),
  },
);
