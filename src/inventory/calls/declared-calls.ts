// The calls that an app declares: addresses in its settings, with what they lead to in the cluster.

import { addressesInText, addressesInValue, type Address } from '../../kube/addresses.ts';
import type { KubeObject, Path } from '../../model/index.ts';
import type { Inventory } from '../inventory.ts';
import type { Workload } from '../workload.ts';
import { resolveHost, type Resolved } from './resolve-host.ts';
import { isHeadless, type ServicePort, servicePorts } from './service-ports.ts';
import { type Setting, settingsOf } from './settings.ts';

/** Where a call is declared. Never holds a value: settings hold passwords. */
export interface CallSource {
  readonly object: KubeObject;
  readonly path: Path;
  /** `variable "DB_HOST" of container "web"`. */
  readonly what: string;
}

export interface DeclaredCall {
  readonly from: Workload;
  readonly host: string;
  /** As the app dials it; absent where no setting says it. */
  readonly port?: number;
  readonly to: Resolved;
  readonly sources: readonly CallSource[];
}

/** Last words of names whose value is a host even where it does not look like one: `DB_HOST: postgres`. */
const hostWords =
  /(?:host|hostname|addr|address|server|servers|endpoint|url|uri|dsn|upstream|backend|broker|brokers|seed|node|member|sentinel|contact[_.-]?point|bootstrap|api|gateway|proxy|webhook)s?$/i;
/** These, and `DB_SERVICE`, whose port stands in `DB_PORT`. */
const hostName = new RegExp(`${hostWords.source.slice(0, -'s?$'.length)}s?$|services?$`, 'i');
const hostPrefix = /^(.*?)[_.-]?(?:host|hostname|addr|address|server|service)$/i;

/** `DB_HOST`, `db.host`, `dbHost` and `--db-host` are one name. */
function plainName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Ports by the name that stands before the word `port`. */
function portsByPrefix(group: readonly Setting[]): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const { name, value, form } of group) {
    const plain = plainName(name);
    const number = Number(value.replace(/^-{0,2}[A-Za-z][\w.-]*=/, ''));
    if (form === 'file' || !plain.endsWith('port') || !Number.isInteger(number) || number < 1 || number > 65_535)
      continue;
    ports.set(plain.slice(0, -'port'.length), number);
  }
  return ports;
}

function portBeside(name: string, ports: ReadonlyMap<string, number>): number | undefined {
  const prefix = hostPrefix.exec(name)?.[1];
  return prefix === undefined ? undefined : ports.get(plainName(prefix));
}

/**
 * Whether an address that a setting holds is a call. A word may be anything: it must be a Service, and the name must say that
 * it is a host. A word with a port is believed where the setting is nothing else.
 */
function isCall(setting: Setting, address: Address, to: Resolved): boolean {
  if (to.kind === 'service' || to.kind === 'api-server') return address.isCertain || hostWords.test(setting.name);
  // Of a Secret only what is public anyway: the name of a Service of the input.
  if (setting.isSecret) return false;
  const isMeant = address.isCertain && (address.isForPrograms === true || hostWords.test(setting.name));
  return to.kind === 'missing' ? setting.form === 'value' && isMeant : isMeant;
}

/** Addresses by text, for each form: a ConfigMap is given to many containers, and to some of them several times. */
class AddressBook {
  private readonly known = {
    value: new Map<string, readonly Address[]>(),
    file: new Map<string, readonly Address[]>(),
  };

  of({ form, value }: Setting): readonly Address[] {
    const pages = this.known[form];
    let found = pages.get(value);
    if (found === undefined) {
      found = findAddresses(form, value);
      pages.set(value, found);
    }
    return found;
  }
}

const addressBook = (): AddressBook => new AddressBook();

/** Each address once, however often the text names it. */
function findAddresses(form: Setting['form'], value: string): Address[] {
  const found = form === 'value' ? addressesInValue(value) : addressesInText(value);
  if (found.length < 2) return found;
  return [...new Map(found.map((each) => [`${each.host} ${each.port} ${each.isCertain}`, each])).values()];
}

/** Hosts that are called without a proxy, or would be. */
const listOfExceptions = /^no_?proxy$/i;

/** Nearly all settings are neither: a look at them is far cheaper than the patterns of addresses. */
function mayHoldAddress({ form, name, value }: Setting): boolean {
  if (listOfExceptions.test(name)) return false;
  return value.includes(':') || (form === 'value' && hostName.test(name));
}

function callsOfSetting(
  inventory: Inventory,
  workload: Workload,
  setting: Setting,
  ports: ReadonlyMap<string, number>,
): DeclaredCall[] {
  if (!mayHoldAddress(setting)) return [];
  const isOwn = setting.object === workload.object;
  const found = isOwn ? findAddresses(setting.form, setting.value) : inventory.derive(addressBook).of(setting);
  return found.flatMap((raw) => {
    const beside = raw.port === undefined ? portBeside(setting.name, ports) : undefined;
    const address: Address = beside === undefined ? raw : { ...raw, port: beside, isCertain: true };
    if (!address.isCertain && !hostWords.test(setting.name)) return [];
    const to = resolveHost(inventory, { host: address.host, namespace: workload.object.namespace });
    if (!isCall(setting, address, to)) return [];
    const { object, path, what } = setting;
    const port = address.port === undefined ? {} : { port: address.port };
    return [{ from: workload, host: address.host, ...port, to, sources: [{ object, path, what }] }];
  });
}

function targetKey(to: Resolved): string {
  if (to.kind === 'service') return `service ${to.service.namespace}/${to.service.name}`;
  return to.kind === 'outside' ? `outside ${to.host}` : JSON.stringify(to);
}

/** One call for each target and port, with all the places that declare it. */
function mergeCalls(calls: readonly DeclaredCall[]): DeclaredCall[] {
  const merged = new Map<string, DeclaredCall>();
  for (const call of calls) {
    const key = `${targetKey(call.to)} ${call.port ?? ''}`;
    const before = merged.get(key);
    merged.set(key, before === undefined ? call : { ...before, sources: [...before.sources, ...call.sources] });
  }
  return [...merged.values()];
}

function allCallsOf(inventory: Inventory, workload: Workload): DeclaredCall[] {
  const calls = settingsOf(inventory, workload).flatMap((group) => {
    const ports = portsByPrefix(group);
    return group.flatMap((setting) => callsOfSetting(inventory, workload, setting, ports));
  });
  return mergeCalls(calls);
}

function isOfItself(inventory: Inventory, { from, to }: DeclaredCall): boolean {
  return to.kind === 'service' && inventory.workloadsSelectedBy(to.service).includes(from);
}

/** The calls of one workload; what it calls of itself is left out. */
export function callsOf(inventory: Inventory, workload: Workload): DeclaredCall[] {
  return allCallsOf(inventory, workload).filter((call) => !isOfItself(inventory, call));
}

/** What the pods of one workload call of each other: seeds, members, routes. */
export function callsAmongPods(inventory: Inventory, workload: Workload): DeclaredCall[] {
  return allCallsOf(inventory, workload).filter((call) => isOfItself(inventory, call));
}

/** A port of the pods that a call may arrive at, and the port of the Service that leads there. */
export interface Arrival {
  readonly workload: Workload;
  /** Absent where a port is named that the pods do not have. */
  readonly port?: number;
  readonly servicePort: number;
  readonly protocol: ServicePort['protocol'];
}

/** Where a call to a Service arrives: without a port, at any of the Service's. */
export function arrivalsOf(inventory: Inventory, service: KubeObject, port: number | undefined): Arrival[] {
  const workloads = inventory.workloadsSelectedBy(service);
  const ports = servicePorts(service);
  // Names of headless Services lead to the pods themselves, at whatever port is dialled.
  if (isHeadless(service) && port !== undefined && !ports.some((each) => each.port === port)) {
    const protocol = 'TCP' as const;
    return workloads.map((workload) => ({ workload, port, servicePort: port, protocol }));
  }
  return ports
    .filter((each) => port === undefined || each.port === port)
    .flatMap((each) =>
      workloads.map((workload) => {
        const target = isHeadless(service) ? each.port : each.targetOf(workload);
        const known = target === undefined ? {} : { port: target };
        return { workload, ...known, servicePort: each.port, protocol: each.protocol };
      }),
    );
}
