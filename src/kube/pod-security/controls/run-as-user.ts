// runAsUser: where a user is named, it is not root.

import { type Breach, breachAt, type Control, except, fieldOf, inUserNamespace, type PodView } from '../control.ts';

const field = ['securityContext', 'runAsUser'];

function findRootUsers(pod: PodView): Breach[] {
  return pod.places
    .filter((place) => fieldOf(place, field) === 0)
    .map((place) => breachAt(place, field, 'sets runAsUser to 0, which is root'));
}

export const runAsUser: Control = {
  id: 'runAsUser',
  title: 'Containers name no root user',
  level: 'restricted',
  revisions: [
    { since: 23, find: findRootUsers },
    { since: 35, find: except(inUserNamespace, findRootUsers) },
  ],
};
