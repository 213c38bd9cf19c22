// All that is told of a backup while it is made.

import { createGzip, type Gzip } from 'node:zlib';
import type { ArchiveMember } from '../archive/pack-members.ts';
import type { Archived, ArchivedObject } from '../archive/write-archive.ts';
import type { ListRecord } from '../collect/list-record.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { ResourceList } from '../layout/backup-object.ts';
import { manifestEnd, objectLine } from '../layout/manifest.ts';
import type { CreateContext } from './create-wish.ts';
import { VolumeInfos } from './volume-info.ts';

/** Characters of the manifest that wait for the compressor. */
const mostWaiting = 1 << 17;

export class BackupLedger {
  readonly resources = new ResourceList();
  readonly volumes: VolumeInfos;
  lists: ListRecord[] = [];
  readonly problems: CollectProblem[] = [];
  readonly members: ArchiveMember[] = [];
  objects = 0;
  secrets = 0;
  bytes = 0;
  private lines: string;
  private readonly manifest: Gzip = createGzip({ level: 3 });
  private readonly manifestChunks: Buffer[] = [];
  private readonly progress: CreateContext['progress'];

  constructor(header: string, { progress, reasons }: Pick<CreateContext, 'progress' | 'reasons'>) {
    this.progress = progress;
    this.volumes = new VolumeInfos(reasons);
    this.manifest.on('data', (chunk: Buffer) => this.manifestChunks.push(chunk));
    this.lines = header;
  }

  note(archived: Archived): void {
    const { kind, namespace, name, version, groupResource } = archived;
    const group = groupResource.slice(groupResource.indexOf('.') + 1);
    this.resources.add(groupResource.includes('.') ? `${group}/${version}` : version, kind, namespace, name);
    this.addLine(objectLine(archived));
    this.objects += 1;
    if (groupResource === 'secrets') this.secrets += 1;
    this.bytes += archived.bytes;
    if (this.objects % 500 === 0) this.progress(`${this.objects} objects saved`);
  }

  async *noting(batches: AsyncIterable<readonly ArchivedObject[]>): AsyncGenerator<readonly ArchivedObject[]> {
    for await (const batch of batches) {
      for (const object of batch) this.volumes.note(object);
      yield batch;
    }
  }

  /** Lines go through the compressor many at a time: each write costs a thread's turn. */
  private addLine(line: string): void {
    this.lines += line;
    if (this.lines.length < mostWaiting) return;
    this.manifest.write(this.lines);
    this.lines = '';
  }

  async endManifest(): Promise<Buffer> {
    this.manifest.end(this.lines + manifestEnd(this.objects, this.lists, this.members));
    await new Promise((done, fail) => this.manifest.once('end', done).once('error', fail));
    return Buffer.concat(this.manifestChunks);
  }
}
