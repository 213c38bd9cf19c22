// What the kubelets answer through the API server: their settings, which are the defaults that kubeadm leaves.

import { requireObject, type Target } from '../objects/target.ts';
import type { Answer, Call } from './call.ts';

/** Source: the defaults of KubeletConfiguration v1beta1, and what kubeadm sets. */
const kubeletconfig = {
  enableServer: true,
  address: '0.0.0.0',
  port: 10250,
  authentication: {
    x509: { clientCAFile: '/etc/kubernetes/pki/ca.crt' },
    webhook: { enabled: true, cacheTTL: '2m0s' },
    anonymous: { enabled: false },
  },
  authorization: { mode: 'Webhook', webhook: { cacheAuthorizedTTL: '5m0s', cacheUnauthorizedTTL: '30s' } },
  rotateCertificates: true,
  eventRecordQPS: 50,
  clusterDomain: 'cluster.local',
  streamingConnectionIdleTimeout: '4h0m0s',
  maxPods: 110,
  podPidsLimit: -1,
  makeIPTablesUtilChains: true,
  seccompDefault: false,
};

export function answerKubelet(call: Call, target: Target): Answer {
  requireObject(call.kernel, { ...target, subresource: '' });
  const path = call.info.path.split('/proxy')[1];
  return path === '/configz'
    ? { code: 200, body: { kubeletconfig } }
    : { code: 404, body: '404 page not found\n', contentType: 'text/plain; charset=utf-8' };
}
