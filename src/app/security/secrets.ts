// The secrets of an app: where they come from, who gets them, and the steps to keep them better. Never a value.

import { builtInChecks, runChecks } from '../../checks/index.ts';
import { findStaticKeys } from '../../checks/secrets/static-cloud-keys.ts';
import { pictureCluster, prepareInventory } from '../../inventory/index.ts';
import { findSecrets, planSecrets, type SecretStep, type SecretView, storesPresent } from '../../isolation/index.ts';
import { applyExceptions, askProvider, metaForTarget, targetOfProvider } from '../../journey/index.ts';
import type { Finding } from '../../model/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';

export interface SecretsWish extends ReadWish {
  /** Paths and options about reading as the user wrote them, for commands that read the same. */
  readonly repeated: string;
}

export interface SecretsAnswer {
  readonly schema: 'nowwhat.dev/secrets/v1';
  /** Absent where files were read. */
  readonly context?: string;
  /** Programs that fill Secrets from a store. */
  readonly stores: readonly string[];
  readonly secrets: readonly SecretView[];
  readonly steps: readonly SecretStep[];
  /** Kinds, as `group/Kind`, that could not be listed and that the report rests on. */
  readonly unseen: readonly string[];
}

const encryptionCheck = 'apiserver-encryption-at-rest';

/** Reads files or a cluster. Nothing is changed. */
export async function findSecretsOfApp(wish: SecretsWish, outside: Outside): Promise<SecretsAnswer> {
  const { snapshot, settings } = await readApp(wish, outside);
  const inventory = await prepareInventory(snapshot);
  const { exceptions = [], allowedRegistries = [], target: wanted } = settings.config;
  const picture = snapshot.facts.cluster === undefined ? undefined : pictureCluster(inventory, outside.today);
  const target = wanted ?? targetOfProvider(picture?.provider.name, picture?.provider.managed === true);
  const checks = builtInChecks
    .filter(({ meta: { family, id } }) => family === 'secrets' || id === encryptionCheck)
    .map((check) => ({ ...check, meta: metaForTarget(check.meta, target) }));
  const options = { minor: snapshot.facts.minor, today: outside.today, allowedRegistries };
  const metas = checks.map(({ meta }) => meta);
  const ran = askProvider(runChecks(checks, inventory, options), metas, target);
  const findings: readonly Finding[] = applyExceptions(ran, exceptions, outside.today).findings.filter(
    ({ exception }) => exception === undefined,
  );
  const { result: secrets, unseen } = inventory.unseen.watch(() => findSecrets(inventory));
  const stores = storesPresent(inventory);
  const context = snapshot.facts.cluster?.context;
  const steps = planSecrets({
    secrets,
    texts: findings.filter(({ verdict }) => verdict === 'fail'),
    stores,
    staticKeys: findStaticKeys(inventory),
    encryption: findings.find(({ check }) => check === encryptionCheck),
    input: wish.repeated,
  });
  return {
    schema: 'nowwhat.dev/secrets/v1',
    ...(context === undefined ? {} : { context }),
    stores,
    secrets,
    steps,
    unseen: [...unseen].sort(),
  };
}
