// Finds images of a registry that only the laptop or its Minikube reaches.

import { imageCheck } from '../images/image-check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { asking, offer } from '../fix.ts';
import { placeOf } from '../questions.ts';

/** Minikube's own network with the Docker and Podman drivers. Source: minikube's default for --subnet. */
const minikubeNetwork = /^192\.168\.49\.\d+(?::\d+)?$/;
/** Multicast names (RFC 6762) that some offices serve from their own DNS all the same. */
const localName = /\.local(?::\d+)?$/;

export const imageRegistryLocal = imageCheck(
  minikubeMeta({
    id: 'image-registry-local',
    title: 'Images come from a registry that every node reaches',
    severity: 'critical',
    remediation: 'Push the image to a registry that the target cluster reaches, and use its name.',
    minutes: 20,
    settledBy: 'a pull on the target cluster',
  }),
  ({ text, image, path, container }) => {
    const { registry, isLocalLooking } = image;
    if (!isLocalLooking && !minikubeNetwork.test(registry)) return undefined;
    if (localName.test(registry))
      return {
        verdict: 'unknown',
        message: `container "${container.name}" takes its image from "${registry}": names in .local are those of one network`,
        path,
        evidence: 'would be settled by a pull on the target cluster',
      };
    return {
      message: `container "${container.name}" takes its image from "${registry}", which no other cluster reaches`,
      path,
      evidence: `image is ${text}`,
    };
  },
  {
    fix: ({ image, path }) =>
      offer(
        asking(
          {
            id: 'name-image',
            title: 'Run the image that you have pushed',
            consequence: 'nodes pull it from there; a laptop that has it only by its former name must pull it too',
          },
          placeOf(image),
          (answer) => [{ op: 'set', path, value: answer }],
        ),
      ),
  },
);
