// The checks of the family network, in the order of the report.

import type { Check } from '../check.ts';
import { certificateExpired } from './certificate-expired.ts';
import { certificateHostMismatch } from './certificate-host-mismatch.ts';
import { certificateUnusable } from './certificate-unusable.ts';
import { cniEnforcesPolicies } from './cni-enforces-policies.ts';
import { declaredCallBlocked } from './declared-call-blocked.ts';
import { defaultDenyEgress } from './default-deny-egress.ts';
import { defaultDenyIngress } from './default-deny-ingress.ts';
import { dnsBlocked } from './dns-blocked.ts';
import { egressNotIsolated } from './egress-not-isolated.ts';
import { gatewayWithoutTls } from './gateway-without-tls.ts';
import { ingressClassMissing } from './ingress-class-missing.ts';
import { ingressHostMissing } from './ingress-host-missing.ts';
import { ingressNginxRetired } from './ingress-nginx-retired.ts';
import { ingressNotIsolated } from './ingress-not-isolated.ts';
import { ingressPathConflict } from './ingress-path-conflict.ts';
import { ingressSnippet } from './ingress-snippet.ts';
import { ingressWithoutTls } from './ingress-without-tls.ts';
import { loadBalancerOpen } from './load-balancer-open.ts';
import { meshGatewayWithoutTls } from './mesh-gateway-without-tls.ts';
import { meshMtlsNotStrict } from './mesh-mtls-not-strict.ts';
import { metadataServiceOpen } from './metadata-service-open.ts';
import { policyAllowsEverything } from './policy-allows-everything.ts';
import { policyDuplicate } from './policy-duplicate.ts';
import { policyOpensToCluster } from './policy-opens-to-cluster.ts';
import { policyPeerSelectsNothing } from './policy-peer-selects-nothing.ts';
import { policyProtocolImplicit } from './policy-protocol-implicit.ts';
import { policyRulesIgnored } from './policy-rules-ignored.ts';
import { policySelectsNothing } from './policy-selects-nothing.ts';
import { policyTypesImplicit } from './policy-types-implicit.ts';
import { serviceWithoutLogin } from './service-without-login.ts';
import { serviceExternalIps } from './service-external-ips.ts';

export const networkChecks: readonly Check[] = [
  ingressNotIsolated,
  egressNotIsolated,
  defaultDenyIngress,
  defaultDenyEgress,
  dnsBlocked,
  declaredCallBlocked,
  policySelectsNothing,
  policyPeerSelectsNothing,
  policyAllowsEverything,
  policyOpensToCluster,
  policyRulesIgnored,
  policyTypesImplicit,
  policyProtocolImplicit,
  policyDuplicate,
  metadataServiceOpen,
  cniEnforcesPolicies,
  serviceExternalIps,
  loadBalancerOpen,
  ingressWithoutTls,
  ingressHostMissing,
  ingressClassMissing,
  ingressSnippet,
  ingressNginxRetired,
  ingressPathConflict,
  gatewayWithoutTls,
  certificateExpired,
  certificateHostMismatch,
  certificateUnusable,
  meshGatewayWithoutTls,
  meshMtlsNotStrict,
  serviceWithoutLogin,
];
