import { expect, it } from 'vitest';
import { joinAccounts } from './join-accounts.ts';

const account = (rest: object, metadata: object = {}) => ({
  kind: 'ServiceAccount',
  metadata: { name: 'a', ...metadata },
  ...rest,
});

it('an account keeps what it has and gets what was saved', () => {
  const live = account(
    { secrets: [{ name: 'own' }, { name: 'both' }], imagePullSecrets: [{ name: 'registry' }] },
    { labels: { team: 'new', kept: 'yes' }, annotations: { role: 'arn' } },
  );
  const saved = account({ secrets: [{ name: 'both' }, { name: 'old' }] }, { labels: { team: 'old' } });
  expect(joinAccounts(live, saved)).toEqual(
    account(
      { secrets: [{ name: 'own' }, { name: 'both' }, { name: 'old' }], imagePullSecrets: [{ name: 'registry' }] },
      { labels: { team: 'old', kept: 'yes' }, annotations: { role: 'arn' } },
    ),
  );
});

it('accounts without anything stay without it', () => {
  expect(joinAccounts(account({}), account({}))).toEqual(account({}));
});
