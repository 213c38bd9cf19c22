// Fields of well-known kinds that name a namespace or a public host: a table of facts, each with its source.

/**
 * What stands in a field.
 * `namespace`: the name of one. `namespaces`: a list of names. `route-host`: a host, or a list of hosts, that the object answers to.
 * `route-rules`: a list whose items have a `host`; without one they answer to all. `namespaced-name`: `namespace/name`, or a list of them.
 * `dns-names`: names in a certificate, or a list of them. `matched-hosts`: hosts in an expression. `published-hosts`: a list with commas that a controller publishes.
 * `outside-place`: where the object writes outside of the cluster: a copy would write there too.
 */
export type FieldMeaning =
  | 'namespace'
  | 'namespaces'
  | 'route-host'
  | 'route-rules'
  | 'namespaced-name'
  | 'dns-names'
  | 'matched-hosts'
  | 'published-hosts'
  | 'outside-place';

type Fields = Readonly<Record<string, FieldMeaning>>;

/** Source: Gateway API v1, ParentReference, BackendRef, and hostnames of each kind of route. */
const gatewayRoute: Fields = {
  'spec.parentRefs[].namespace': 'namespace',
  'spec.rules[].backendRefs[].namespace': 'namespace',
  'spec.rules[].backendRefs[].filters[].requestMirror.backendRef.namespace': 'namespace',
  'spec.rules[].filters[].requestMirror.backendRef.namespace': 'namespace',
  'spec.hostnames': 'route-host',
};

/** Source: Prometheus operator API reference, NamespaceSelector. `matchNames` of any kind is in `commonFields`. */
const alertmanagers: Fields = { 'spec.alerting.alertmanagers[].namespace': 'namespace' };

/** By kind and group. */
const ofKind: Readonly<Record<string, Fields>> = {
  // Source: Kubernetes API, networking.k8s.io/v1.
  'Ingress.networking.k8s.io': {
    'spec.rules': 'route-rules',
    'spec.defaultBackend': 'route-rules',
    'spec.tls[].hosts': 'route-host',
  },
  'Ingress.extensions': {
    'spec.rules': 'route-rules',
    'spec.backend': 'route-rules',
    'spec.tls[].hosts': 'route-host',
  },
  'HTTPRoute.gateway.networking.k8s.io': gatewayRoute,
  'GRPCRoute.gateway.networking.k8s.io': gatewayRoute,
  'TLSRoute.gateway.networking.k8s.io': gatewayRoute,
  'TCPRoute.gateway.networking.k8s.io': gatewayRoute,
  'UDPRoute.gateway.networking.k8s.io': gatewayRoute,
  'Gateway.gateway.networking.k8s.io': {
    'spec.listeners[].hostname': 'route-host',
    'spec.listeners[].tls.certificateRefs[].namespace': 'namespace',
    'spec.listeners[].tls.frontendValidation.caCertificateRefs[].namespace': 'namespace',
    'spec.infrastructure.parametersRef.namespace': 'namespace',
  },
  'ReferenceGrant.gateway.networking.k8s.io': { 'spec.from[].namespace': 'namespace' },
  // Source: OpenShift API, route.openshift.io/v1.
  'Route.route.openshift.io': { 'spec.host': 'route-host' },
  // Source: cert-manager API reference, cert-manager.io/v1.
  'Certificate.cert-manager.io': { 'spec.dnsNames': 'dns-names', 'spec.commonName': 'dns-names' },
  'Prometheus.monitoring.coreos.com': alertmanagers,
  'PrometheusAgent.monitoring.coreos.com': alertmanagers,
  // Source: Istio configuration reference, networking and security.
  'VirtualService.networking.istio.io': {
    'spec.hosts': 'route-host',
    'spec.gateways': 'namespaced-name',
    'spec.http[].match[].gateways': 'namespaced-name',
    'spec.http[].match[].sourceNamespace': 'namespace',
    'spec.http[].delegate.namespace': 'namespace',
    'spec.tls[].match[].gateways': 'namespaced-name',
    'spec.tls[].match[].sourceNamespace': 'namespace',
    'spec.tcp[].match[].gateways': 'namespaced-name',
    'spec.tcp[].match[].sourceNamespace': 'namespace',
    'spec.exportTo': 'namespaces',
  },
  'DestinationRule.networking.istio.io': { 'spec.exportTo': 'namespaces' },
  'ServiceEntry.networking.istio.io': { 'spec.exportTo': 'namespaces' },
  'Sidecar.networking.istio.io': { 'spec.egress[].hosts': 'namespaced-name' },
  'Gateway.networking.istio.io': { 'spec.servers[].hosts': 'route-host' },
  'AuthorizationPolicy.security.istio.io': {
    'spec.rules[].from[].source.namespaces': 'namespaces',
    'spec.rules[].from[].source.notNamespaces': 'namespaces',
    'spec.rules[].from[].source.serviceAccounts': 'namespaced-name',
    'spec.rules[].from[].source.notServiceAccounts': 'namespaced-name',
  },
  // Source: External Secrets Operator API, Kubernetes provider and SecretStore conditions.
  'SecretStore.external-secrets.io': { 'spec.provider.kubernetes.remoteNamespace': 'namespace' },
  'PushSecret.external-secrets.io': { 'spec.data[].match.remoteRef.remoteKey': 'outside-place' },
  // Source: Argo CD, declarative setup.
  'Application.argoproj.io': { 'spec.destination.namespace': 'namespace' },
  'AppProject.argoproj.io': {
    'spec.destinations[].namespace': 'namespace',
    'spec.sourceNamespaces': 'namespaces',
  },
  // Source: Flux API reference.
  'Kustomization.kustomize.toolkit.fluxcd.io': {
    'spec.targetNamespace': 'namespace',
    'spec.dependsOn[].namespace': 'namespace',
    'spec.sourceRef.namespace': 'namespace',
    'spec.healthChecks[].namespace': 'namespace',
  },
  'HelmRelease.helm.toolkit.fluxcd.io': {
    'spec.targetNamespace': 'namespace',
    'spec.storageNamespace': 'namespace',
    'spec.dependsOn[].namespace': 'namespace',
    'spec.chartRef.namespace': 'namespace',
    'spec.chart.spec.sourceRef.namespace': 'namespace',
  },
  // Source: Traefik docs, Kubernetes CRD provider.
  'IngressRoute.traefik.io': {
    'spec.routes[].match': 'matched-hosts',
    'spec.routes[].services[].namespace': 'namespace',
    'spec.routes[].middlewares[].namespace': 'namespace',
    'spec.tls.options.namespace': 'namespace',
    'spec.tls.store.namespace': 'namespace',
  },
  'IngressRouteTCP.traefik.io': {
    'spec.routes[].match': 'matched-hosts',
    'spec.routes[].services[].namespace': 'namespace',
    'spec.routes[].middlewares[].namespace': 'namespace',
    'spec.tls.options.namespace': 'namespace',
  },
  // Source: Contour API reference.
  'HTTPProxy.projectcontour.io': {
    'spec.virtualhost.fqdn': 'route-host',
    'spec.virtualhost.tls.secretName': 'namespaced-name',
    'spec.includes[].namespace': 'namespace',
  },
  // Source: KEDA docs, scalers; the Prometheus scaler and the Kubernetes workload scaler name namespaces.
  'ScaledObject.keda.sh': { 'spec.triggers[].metadata.namespace': 'namespace' },
  'ScaledJob.keda.sh': { 'spec.triggers[].metadata.namespace': 'namespace' },
  // Source: CloudNativePG API reference, BarmanObjectStoreConfiguration.
  'Cluster.postgresql.cnpg.io': { 'spec.backup.barmanObjectStore.destinationPath': 'outside-place' },
  'ObjectStore.barmancloud.cnpg.io': { 'spec.configuration.destinationPath': 'outside-place' },
  // Source: VolSync and k8up API references.
  'ReplicationSource.volsync.backube': { 'spec.restic.repository': 'outside-place' },
  'Schedule.k8up.io': { 'spec.backend.s3.bucket': 'outside-place' },
  // Source: external-dns, CRD source.
  'DNSEndpoint.externaldns.k8s.io': { 'spec.endpoints[].dnsName': 'route-host' },
};

/** Ends of paths that mean the same in every kind. Source: Kubernetes API; the selectors of the Prometheus operator. */
const commonFields: Fields = {
  'subjects[].namespace': 'namespace',
  'clientConfig.service.namespace': 'namespace',
  'claimRef.namespace': 'namespace',
  'dataSourceRef.namespace': 'namespace',
  'targetRef.namespace': 'namespace',
  'podAffinityTerm.namespaces': 'namespaces',
  'podAffinity.requiredDuringSchedulingIgnoredDuringExecution[].namespaces': 'namespaces',
  'podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[].namespaces': 'namespaces',
  'namespaceSelector.matchNames': 'namespaces',
};

/** Annotations by their key, whatever object they are on. */
const annotations: Fields = {
  // Source: Helm 3, adoption of objects.
  'meta.helm.sh/release-namespace': 'namespace',
  // Source: cert-manager docs, CA injector.
  'cert-manager.io/inject-ca-from': 'namespaced-name',
  'cert-manager.io/inject-ca-from-secret': 'namespaced-name',
  // Source: ingress-nginx docs, annotations.
  'nginx.ingress.kubernetes.io/auth-tls-secret': 'namespaced-name',
  'nginx.ingress.kubernetes.io/proxy-ssl-secret': 'namespaced-name',
  'nginx.ingress.kubernetes.io/auth-secret': 'namespaced-name',
  'nginx.ingress.kubernetes.io/fastcgi-params-configmap': 'namespaced-name',
  'nginx.ingress.kubernetes.io/server-alias': 'published-hosts',
  // Source: external-dns docs, annotations.
  'external-dns.alpha.kubernetes.io/hostname': 'published-hosts',
  'external-dns.alpha.kubernetes.io/internal-hostname': 'published-hosts',
};

const commonByLast = new Map<string, (readonly [string, FieldMeaning])[]>();
for (const [end, meaning] of Object.entries(commonFields)) {
  const last = end.slice(end.lastIndexOf('.') + 1);
  commonByLast.set(last, [...(commonByLast.get(last) ?? []), [`.${end}`, meaning]]);
}

/** Whether anything is known of the fields of a kind; of others only what is common is. */
export function isKnownKind(kindAndGroup: string): boolean {
  return Object.hasOwn(ofKind, kindAndGroup);
}

/** `path` with dots, and `[]` for each index: `spec.rules[].host`. */
export function meaningOf(kindAndGroup: string, path: string): FieldMeaning | undefined {
  const fields = ofKind[kindAndGroup];
  if (fields !== undefined && Object.hasOwn(fields, path)) return fields[path];
  const prefix = 'metadata.annotations.';
  const at = path.lastIndexOf(prefix);
  if (at >= 0) {
    const key = path.slice(at + prefix.length);
    return Object.hasOwn(annotations, key) ? annotations[key] : undefined;
  }
  const ends = commonByLast.get(path.slice(path.lastIndexOf('.') + 1));
  return ends?.find(([end]) => `.${path}`.endsWith(end))?.[1];
}
