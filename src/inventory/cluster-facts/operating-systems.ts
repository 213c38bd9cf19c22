// Operating systems and container runtimes of nodes: which are made for containers only, and until when their makers patch them.

export interface SupportedUntil {
  /** Tested against `status.nodeInfo.osImage`. */
  readonly image: RegExp;
  readonly name: string;
  /** ISO date of the last security updates that everybody gets. */
  readonly until: string;
  /** Who gets updates after that day, where somebody does. */
  readonly longer?: string;
}

const ubuntuPro = 'subscribers of Ubuntu Pro';
const redHatExtended = 'buyers of extended life cycle support';

/**
 * Sources: distro-info-data of Debian (LTS ends for Debian, standard support for Ubuntu), the life cycle pages of CentOS, Red Hat, Rocky Linux,
 * AlmaLinux and of Amazon Linux. Systems that update themselves all the time are not here: their name tells no date.
 */
export const systemSupport: readonly SupportedUntil[] = [
  { image: /^Debian GNU\/Linux 9\b/, name: 'Debian 9', until: '2022-06-30' },
  { image: /^Debian GNU\/Linux 10\b/, name: 'Debian 10', until: '2024-06-30' },
  { image: /^Debian GNU\/Linux 11\b/, name: 'Debian 11', until: '2026-08-31' },
  { image: /^Debian GNU\/Linux 12\b/, name: 'Debian 12', until: '2028-06-30' },
  { image: /^Debian GNU\/Linux 13\b/, name: 'Debian 13', until: '2030-06-30' },
  { image: /^Ubuntu 16\.04\b/, name: 'Ubuntu 16.04', until: '2021-04-30', longer: ubuntuPro },
  { image: /^Ubuntu 18\.04\b/, name: 'Ubuntu 18.04', until: '2023-05-31', longer: ubuntuPro },
  { image: /^Ubuntu 20\.04\b/, name: 'Ubuntu 20.04', until: '2025-05-29', longer: ubuntuPro },
  { image: /^Ubuntu 22\.04\b/, name: 'Ubuntu 22.04', until: '2027-06-01', longer: ubuntuPro },
  { image: /^Ubuntu 24\.04\b/, name: 'Ubuntu 24.04', until: '2029-05-31', longer: ubuntuPro },
  { image: /^Ubuntu 24\.10\b/, name: 'Ubuntu 24.10', until: '2025-07-10' },
  { image: /^Ubuntu 25\.04\b/, name: 'Ubuntu 25.04', until: '2026-01-15' },
  { image: /^Ubuntu 25\.10\b/, name: 'Ubuntu 25.10', until: '2026-07-09' },
  { image: /^Ubuntu 26\.04\b/, name: 'Ubuntu 26.04', until: '2031-05-29', longer: ubuntuPro },
  { image: /^CentOS Linux 7\b/, name: 'CentOS 7', until: '2024-06-30' },
  { image: /^CentOS Linux 8\b/, name: 'CentOS 8', until: '2021-12-31' },
  { image: /^CentOS Stream 8\b/, name: 'CentOS Stream 8', until: '2024-05-31' },
  { image: /^CentOS Stream 9\b/, name: 'CentOS Stream 9', until: '2027-05-31' },
  { image: /^Red Hat Enterprise Linux(?: Server)? 7\b/, name: 'RHEL 7', until: '2024-06-30', longer: redHatExtended },
  { image: /^Red Hat Enterprise Linux 8\b/, name: 'RHEL 8', until: '2029-05-31', longer: redHatExtended },
  { image: /^Red Hat Enterprise Linux 9\b/, name: 'RHEL 9', until: '2032-05-31', longer: redHatExtended },
  { image: /^Rocky Linux 8\b/, name: 'Rocky Linux 8', until: '2029-05-31' },
  { image: /^Rocky Linux 9\b/, name: 'Rocky Linux 9', until: '2032-05-31' },
  { image: /^AlmaLinux 8\b/, name: 'AlmaLinux 8', until: '2029-03-01' },
  { image: /^AlmaLinux 9\b/, name: 'AlmaLinux 9', until: '2032-05-31' },
  { image: /^Amazon Linux AMI\b/, name: 'Amazon Linux 1', until: '2023-12-31' },
  { image: /^Amazon Linux 2$/, name: 'Amazon Linux 2', until: '2026-06-30' },
  { image: /^Amazon Linux 2023\b/, name: 'Amazon Linux 2023', until: '2029-06-30' },
];

/** Systems that hold little but what containers need, or that cannot be changed while they run. */
const minimal =
  /^(?:Bottlerocket|Talos|Flatcar|Container-Optimized OS|Fedora CoreOS|Red Hat Enterprise Linux CoreOS|CBL-Mariner|Common Base Linux Mariner|Microsoft Azure Linux|Azure Linux|SUSE Linux Enterprise Micro|SLE Micro|openSUSE MicroOS|Kairos|Buildroot|VMware Photon|RancherOS|k3OS)/;

const general =
  /^(?:Debian|Ubuntu|CentOS|Red Hat Enterprise Linux|Rocky|AlmaLinux|Amazon Linux|Fedora|SUSE Linux Enterprise Server|openSUSE Leap|Oracle Linux|Windows)/;

/** What kind of system an image is, as far as its name tells. */
export function kindOfSystem(osImage: string): 'minimal' | 'general' | 'unknown' {
  if (minimal.test(osImage)) return 'minimal';
  return general.test(osImage) ? 'general' : 'unknown';
}

export function findSystemSupport(osImage: string): SupportedUntil | undefined {
  return systemSupport.find(({ image }) => image.test(osImage));
}

/** ISO dates on which containerd's own project stops; a distribution may patch longer. Source: RELEASES.md of containerd. */
const containerdEnds: Readonly<Record<string, string>> = {
  '1.4': '2022-03-03',
  '1.5': '2023-02-28',
  '1.6': '2025-08-23',
  '1.7': '2026-09-30',
  '2.0': '2025-11-07',
  '2.1': '2026-05-05',
  '2.2': '2026-11-06',
};

/** End of upstream support of `containerd://1.6.20`; `undefined` for another runtime or a version that has no date. */
export function containerRuntimeEnd(runtime: string): string | undefined {
  const minor = /^containerd:\/\/v?(\d+\.\d+)/.exec(runtime)?.[1];
  return minor === undefined ? undefined : containerdEnds[minor];
}
