// The checks of the family control-plane, in the order of the report.
import type { Check } from '../check.ts';
import { admissionPolicyEngine } from './admission-policy-engine.ts';
import { apiEndpointRestricted } from './api-endpoint-restricted.ts';
import { apiserverAlwaysAdmit } from './apiserver-always-admit.ts';
import { apiserverAlwaysPullImages } from './apiserver-always-pull-images.ts';
import { apiserverAnonymousAuth } from './apiserver-anonymous-auth.ts';
import { apiserverAuditLog } from './apiserver-audit-log.ts';
import { apiserverAuditLogAge } from './apiserver-audit-log-age.ts';
import { apiserverAuditLogFiles } from './apiserver-audit-log-files.ts';
import { apiserverAuditLogSize } from './apiserver-audit-log-size.ts';
import { apiserverAuditPolicy } from './apiserver-audit-policy.ts';
import { apiserverAuthorizationMode } from './apiserver-authorization-mode.ts';
import { apiserverAuthorizationNode } from './apiserver-authorization-node.ts';
import { apiserverAuthorizationRbac } from './apiserver-authorization-rbac.ts';
import { apiserverClientAuthority } from './apiserver-client-authority.ts';
import { apiserverEncryptionAtRest } from './apiserver-encryption-at-rest.ts';
import { apiserverEtcdAuthority } from './apiserver-etcd-authority.ts';
import { apiserverEtcdClientCertificate } from './apiserver-etcd-client-certificate.ts';
import { apiserverEventRateLimit } from './apiserver-event-rate-limit.ts';
import { apiserverExternalIpsAdmission } from './apiserver-external-ips-admission.ts';
import { apiserverKubeletAuthority } from './apiserver-kubelet-authority.ts';
import { apiserverKubeletClientCertificate } from './apiserver-kubelet-client-certificate.ts';
import { apiserverNamespaceLifecycle } from './apiserver-namespace-lifecycle.ts';
import { apiserverNodeRestriction } from './apiserver-node-restriction.ts';
import { apiserverProfiling } from './apiserver-profiling.ts';
import { apiserverServiceAccountAdmission } from './apiserver-service-account-admission.ts';
import { apiserverServiceAccountLookup } from './apiserver-service-account-lookup.ts';
import { apiserverServingCertificate } from './apiserver-serving-certificate.ts';
import { apiserverTokenAuthFile } from './apiserver-token-auth-file.ts';
import { controlPlanePortsClosed } from './control-plane-ports-closed.ts';
import { controllerManagerBindAddress } from './controller-manager-bind-address.ts';
import { controllerManagerOwnCredentials } from './controller-manager-own-credentials.ts';
import { controllerManagerProfiling } from './controller-manager-profiling.ts';
import { controllerManagerRootAuthority } from './controller-manager-root-authority.ts';
import { controllerManagerSigningKey } from './controller-manager-signing-key.ts';
import { dashboardOpen } from './dashboard-open.ts';
import { etcdAutoTls } from './etcd-auto-tls.ts';
import { etcdClientAuthentication } from './etcd-client-authentication.ts';
import { etcdPeerAuthentication } from './etcd-peer-authentication.ts';
import { etcdPeerAutoTls } from './etcd-peer-auto-tls.ts';
import { etcdPeerCertificate } from './etcd-peer-certificate.ts';
import { etcdServingCertificate } from './etcd-serving-certificate.ts';
import { kubeletAnonymousAuth } from './kubelet-anonymous-auth.ts';
import { kubeletAuthorization } from './kubelet-authorization.ts';
import { kubeletCertificateRotation } from './kubelet-certificate-rotation.ts';
import { kubeletClientAuthority } from './kubelet-client-authority.ts';
import { kubeletKernelDefaults } from './kubelet-kernel-defaults.ts';
import { kubeletPodPidLimit } from './kubelet-pod-pid-limit.ts';
import { kubeletReadOnlyPort } from './kubelet-read-only-port.ts';
import { kubernetesVersionSupported } from './kubernetes-version-supported.ts';
import { metricsApiMissing } from './metrics-api-missing.ts';
import { nodeVersionSkew } from './node-version-skew.ts';
import { nodesMinimal } from './nodes-minimal.ts';
import { nodesPatched } from './nodes-patched.ts';
import { nodesPrivate } from './nodes-private.ts';
import { policyOnlyWarns } from './policy-only-warns.ts';
import { schedulerBindAddress } from './scheduler-bind-address.ts';
import { schedulerProfiling } from './scheduler-profiling.ts';
import { webhookBlocksCluster } from './webhook-blocks-cluster.ts';
import { webhookBypassable } from './webhook-bypassable.ts';
import { webhookFailsOpen } from './webhook-fails-open.ts';
import { webhookSlow } from './webhook-slow.ts';
import { apiserverTlsCiphers } from './apiserver-tls-ciphers.ts';
import { etcdOwnAuthority } from './etcd-own-authority.ts';
import { kubeletTlsCiphers } from './kubelet-tls-ciphers.ts';
import { kubeProxyMetricsOpen } from './kube-proxy-metrics-open.ts';
import { dnsAnswersChanged } from './dns-answers-changed.ts';
import { webhookExemptsNamespaces } from './webhook-exempts-namespaces.ts';

export const controlPlaneChecks: readonly Check[] = [
  admissionPolicyEngine,
  apiEndpointRestricted,
  apiserverAlwaysAdmit,
  apiserverAlwaysPullImages,
  apiserverAnonymousAuth,
  apiserverAuditLog,
  apiserverAuditLogAge,
  apiserverAuditLogFiles,
  apiserverAuditLogSize,
  apiserverAuditPolicy,
  apiserverAuthorizationMode,
  apiserverAuthorizationNode,
  apiserverAuthorizationRbac,
  apiserverClientAuthority,
  apiserverEncryptionAtRest,
  apiserverEtcdAuthority,
  apiserverEtcdClientCertificate,
  apiserverEventRateLimit,
  apiserverExternalIpsAdmission,
  apiserverKubeletAuthority,
  apiserverKubeletClientCertificate,
  apiserverNamespaceLifecycle,
  apiserverNodeRestriction,
  apiserverProfiling,
  apiserverServiceAccountAdmission,
  apiserverServiceAccountLookup,
  apiserverServingCertificate,
  apiserverTokenAuthFile,
  apiserverTlsCiphers,
  controlPlanePortsClosed,
  controllerManagerBindAddress,
  controllerManagerOwnCredentials,
  controllerManagerProfiling,
  controllerManagerRootAuthority,
  controllerManagerSigningKey,
  dashboardOpen,
  etcdAutoTls,
  etcdClientAuthentication,
  etcdPeerAuthentication,
  etcdPeerAutoTls,
  etcdPeerCertificate,
  etcdServingCertificate,
  etcdOwnAuthority,
  kubeletAnonymousAuth,
  kubeletAuthorization,
  kubeletCertificateRotation,
  kubeletClientAuthority,
  kubeletKernelDefaults,
  kubeletPodPidLimit,
  kubeletReadOnlyPort,
  kubeletTlsCiphers,
  kubeProxyMetricsOpen,
  dnsAnswersChanged,
  metricsApiMissing,
  nodeVersionSkew,
  nodesMinimal,
  nodesPatched,
  nodesPrivate,
  policyOnlyWarns,
  schedulerBindAddress,
  schedulerProfiling,
  webhookBlocksCluster,
  webhookBypassable,
  webhookExemptsNamespaces,
  webhookFailsOpen,
  webhookSlow,
  kubernetesVersionSupported,
];
