// The credentials of one kubeconfig user: given, in files that are read again, or from a login program.

import { UserError } from '../../model/index.ts';
import type { DataOrFile, UserEntry } from '../kubeconfig/kubeconfig.ts';
import { present } from '../present.ts';
import { type AgingFile, createAgingFile } from './aging-file.ts';
import { type ClientCertificate, type Credential, type Credentials, fixedCredentials } from './credentials.ts';
import { createLoginCredentials, type LoginContext } from './login-program.ts';

function readable(source: DataOrFile, { clock }: LoginContext): AgingFile {
  if ('file' in source) return createAgingFile(source.file, clock);
  const text = Buffer.from(source.data, 'base64').toString('utf8');
  return { read: async () => text, expire: () => undefined };
}

interface Sources {
  readonly token?: AgingFile;
  readonly certificate?: AgingFile;
  readonly key?: AgingFile;
}

function tokenSource(user: UserEntry, context: LoginContext): AgingFile | undefined {
  // The file wins over the field, as with kubectl.
  if (user.tokenFile !== undefined) return readable({ file: user.tokenFile }, context);
  const { token } = user;
  return token === undefined ? undefined : { read: async () => token, expire: () => undefined };
}

async function readCertificate({ certificate, key }: Sources): Promise<ClientCertificate | undefined> {
  if (certificate === undefined || key === undefined) return undefined;
  const [pem, keyPem] = await Promise.all([certificate.read(), key.read()]);
  return { certificate: pem, key: keyPem };
}

function isSame(a: Credential, b: Credential): boolean {
  return (
    a.token === b.token &&
    a.certificate?.certificate === b.certificate?.certificate &&
    a.certificate?.key === b.certificate?.key
  );
}

function createFileCredentials(sources: Sources): Credentials {
  async function current(): Promise<Credential> {
    const [token, certificate] = await Promise.all([sources.token?.read(), readCertificate(sources)]);
    return present<Credential>({ token, certificate });
  }
  async function renew(used: Credential): Promise<boolean> {
    for (const file of [sources.token, sources.certificate, sources.key]) file?.expire();
    return !isSame(await current(), used);
  }
  return { current, renew };
}

/** A given token or certificate wins over the one of the program; the program runs only where it is needed. */
function combine(given: Credentials, program: Credentials): Credentials {
  return {
    current: async () => ({ ...(await program.current()), ...(await given.current()) }),
    renew: (used) => program.renew(used),
  };
}

function refuseGivenUp(user: UserEntry, way: string): UserError {
  const what = way === 'basic' ? 'name and password (basic)' : `the auth provider "${way}"`;
  return new UserError(
    'credential-unsupported',
    `user "${user.name}" logs in with ${what}, which Kubernetes has given up`,
    "Have your provider's tool write the kubeconfig anew, with an exec program, a token or a client certificate.",
  );
}

function refuseHalf(user: UserEntry): UserError {
  const [has, lacks] = user.key === undefined ? ['certificate', 'key'] : ['key', 'certificate'];
  const what = `user "${user.name}" has a client-${has} without a client-${lacks}`;
  return new UserError('kubeconfig-invalid', what, 'Give both, or fetch the kubeconfig anew.');
}

function sourcesOf(user: UserEntry, context: LoginContext): Sources {
  return present<Sources>({
    token: tokenSource(user, context),
    certificate: user.certificate && readable(user.certificate, context),
    key: user.key && readable(user.key, context),
  });
}

/** Throws `credential-unsupported` or `kubeconfig-invalid`. Files and programs are looked at on the first use. */
export function createUserCredentials(user: UserEntry | undefined, context: LoginContext): Credentials {
  if (user === undefined) return fixedCredentials({});
  if ((user.certificate === undefined) !== (user.key === undefined)) throw refuseHalf(user);
  const sources = sourcesOf(user, context);
  const given = createFileCredentials(sources);
  if (sources.token !== undefined) return given;
  if (user.login !== undefined) return combine(given, createLoginCredentials(user.login, context));
  if (user.givenUp !== undefined && sources.certificate === undefined) throw refuseGivenUp(user, user.givenUp);
  return given;
}
