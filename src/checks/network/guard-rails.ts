// The checks of this family that an API server can hold to, in CEL.

import { celText, type GuardRail, objectRail } from '../guard-rails/guard-rail.ts';

const annotations = 'object.metadata.?annotations.orValue({})';
const snippet = '^nginx\\.(?:ingress\\.kubernetes\\.io|org)/.*snippets?$';
const ingressParts = ['spec', 'metadata.annotations'];

/** Keys by which providers make a load balancer internal, and values that take it back. */
const isInternal = `${annotations}.exists(key, ${annotations}[key] == 'Internal' || (key.matches('(?i)internal|private|scheme') && !${annotations}[key].matches('(?i)^(?:false|external|internet-facing)$')))`;
const rangeKeys = `${annotations}.filter(key, key.matches('(?:source-ranges|allowed-ip-ranges)$'))`;

/** `*.example.com` stands for one further label. */
const isCovered =
  "variables.tls.exists(entry, rule.host in entry.hosts || (rule.host.contains('.') && '*' + rule.host.substring(rule.host.indexOf('.')) in entry.hosts))";

export const networkRails: readonly GuardRail[] = [
  objectRail('service-external-ips', ['Service'], ['spec'], 'object.spec.?externalIPs.orValue([]).size() == 0'),
  {
    ...objectRail(
      'load-balancer-open',
      ['Service'],
      ['spec', 'metadata.annotations'],
      `object.spec.?type.orValue('ClusterIP') != 'LoadBalancer' || ${isInternal} || (variables.ranges.size() > 0 && variables.ranges.all(range, !range.endsWith('/0')))`,
    ),
    variables: {
      rangeKeys,
      ranges:
        "(object.spec.?loadBalancerSourceRanges.orValue([]) + (variables.rangeKeys.size() == 0 ? [] : object.metadata.annotations[variables.rangeKeys[0]].split(','))).map(range, range.trim()).filter(range, range != '')",
    },
  },
  {
    ...objectRail(
      'ingress-without-tls',
      ['Ingress'],
      ingressParts,
      `variables.tls.size() > 0 && (variables.tls.exists(entry, entry.?hosts.orValue([]).size() == 0) || object.spec.?rules.orValue([]).all(rule, !has(rule.host) || ${isCovered}))`,
    ),
    variables: { tls: 'object.spec.?tls.orValue([])' },
  },
  objectRail(
    'ingress-host-missing',
    ['Ingress'],
    ingressParts,
    "object.spec.?rules.orValue([]).all(rule, !(rule.?host.orValue('') in ['', '*']))",
  ),
  objectRail(
    'ingress-class-missing',
    ['Ingress'],
    ingressParts,
    `object.spec.?ingressClassName.orValue('') != '' || 'kubernetes.io/ingress.class' in ${annotations}`,
  ),
  objectRail(
    'ingress-snippet',
    ['Ingress'],
    ingressParts,
    `!${annotations}.exists(key, key.matches(${celText(snippet)}))`,
  ),
  objectRail(
    'policy-rules-ignored',
    ['NetworkPolicy'],
    ['spec'],
    "object.spec.?policyTypes.orValue([]).size() == 0 || ((object.spec.?ingress.orValue([]).size() == 0 || 'Ingress' in object.spec.policyTypes) && (object.spec.?egress.orValue([]).size() == 0 || 'Egress' in object.spec.policyTypes))",
  ),
  objectRail(
    'gateway-without-tls',
    ['Gateway'],
    ['spec'],
    "!object.spec.listeners.exists(listener, listener.?protocol.orValue('') == 'HTTP') || object.spec.listeners.exists(listener, listener.?protocol.orValue('') == 'HTTPS')",
  ),
];
