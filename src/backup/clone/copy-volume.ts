// Copies the files of one volume into another, from pod to pod through this machine, and holds each against the original afterwards.

import type { JsonObject } from '../../model/index.ts';
import { compareFiles, type FilesCompared } from '../volumes/compare-files.ts';
import { lookCommand, marker } from '../volumes/fill-volumes.ts';
import type { SavedFile } from '../volumes/files-manifest.ts';
import { type HelperWish, usualPatience } from '../volumes/helper-pod.ts';
import { parseComplaint } from '../volumes/kopia.ts';
import { type ListedFile, listCommand, parseFiles } from '../volumes/list-files.ts';
import {
  admitsNoRoot,
  type Helper,
  type HelperContext,
  type Ran,
  startHelper,
  volumeError,
} from '../volumes/run-helper.ts';
import { helperName, type MovingVolumes, signalFor } from '../volumes/moving-volumes.ts';
import type { RestoredVolume } from '../volumes/volume-data.ts';
import {
  beginCommand,
  endCommand,
  giveLinksCommand,
  isWholeCommand,
  linkOwnersCommand,
  packCommand,
  refusal,
  unpackCommand,
} from './pack-files.ts';

/** Where a volume is, and the pod that uses it. */
interface VolumeEnd {
  readonly context: HelperContext;
  readonly namespace: string;
}

export interface CopyingVolume extends Pick<MovingVolumes, 'image' | 'timeout' | 'progress'> {
  readonly claim: string;
  readonly from: VolumeEnd;
  readonly to: VolumeEnd;
  readonly podSpec: JsonObject;
  /** Where the pod that uses the original runs; the copy goes there too, where it is in the same cluster. */
  readonly node?: string | undefined;
}

/** Files that change under the hands of tar may not arrive whole. */
const attempts = 3;

function toSaved({ changed, ...file }: ListedFile, since: number): SavedFile {
  return { ...file, moving: changed >= since };
}

async function* savedFiles(helper: Helper, since: number): AsyncGenerator<SavedFile> {
  for await (const file of parseFiles(helper.stream(listCommand()))) yield toSaved(file, since);
}

async function* copiedFiles(helper: Helper): AsyncGenerator<ListedFile> {
  for await (const file of parseFiles(helper.stream(listCommand())))
    if (file.path.toString() !== `./${marker}`) yield file;
}

class Copying {
  private readonly how: CopyingVolume;
  private asPod = false;

  constructor(how: CopyingVolume) {
    this.how = how;
  }

  private async wish(end: 'from' | 'to'): Promise<HelperWish> {
    const { how } = this;
    const { context, namespace } = how[end];
    const isSameCluster = how.from.context.client === how.to.context.client;
    return {
      namespace,
      name: helperName(),
      image: how.image,
      source: { persistentVolumeClaim: { claimName: how.claim } },
      readOnly: end === 'from',
      ...(end === 'from' || isSameCluster ? { node: how.node } : {}),
      podSpec: how.podSpec,
      asPod: await admitsNoRoot(context.client, namespace),
      lifetime: Math.ceil(how.timeout / 1000) + 600,
      needsStore: false,
      patience: usualPatience,
    };
  }

  private async withHelper<T>(end: 'from' | 'to', act: (helper: Helper) => Promise<T>): Promise<T> {
    const { how } = this;
    how.progress(`${how[end].namespace}/${how.claim}: starting a helper`);
    const wish = await this.wish(end);
    if (end === 'to') this.asPod = wish.asPod;
    const context = signalFor({ context: how[end].context, timeout: how.timeout });
    const helper = await startHelper(context, { wish, secret: {}, network: 'unneeded' });
    try {
      return await act(helper);
    } finally {
      await helper.remove();
    }
  }

  copy(): Promise<RestoredVolume> {
    const { claim: name, to } = this.how;
    const { namespace } = to;
    return this.withHelper('to', async (target) => {
      const { stdout } = await target.must(lookCommand);
      if (stdout.trim() !== 'fill')
        return { namespace, name, result: 'there already', message: 'it holds files, and stays as it is' };
      const message = await this.withHelper('from', (source) => this.bring(source, target));
      return { namespace, name, result: 'filled', message };
    });
  }

  private async bring(source: Helper, target: Helper): Promise<string> {
    if ((await source.must(isWholeCommand())).stdout.trim() !== 'whole')
      throw volumeError('the volume of the original is not whole itself: what began to fill it was broken off');
    for (let tries = 1; ; tries += 1) {
      const since = Number((await source.must(['date', '+%s'])).stdout.trim());
      await target.must(beginCommand());
      const ran = await this.pass(source, target);
      if (!this.asPod) await target.feed(giveLinksCommand(), source.stream(linkOwnersCommand()));
      this.tell('comparing');
      const compared = await compareFiles(savedFiles(source, since), copiedFiles(target));
      if (compared.differences.length === 0) {
        await target.must(endCommand());
        return filesText(compared);
      }
      if (ran.exitCode !== 0) throw volumeError(`it was not taken: ${parseComplaint(withoutRefusal(ran.stderr))}`);
      if (tries === attempts) throw volumeError(differenceText(compared));
    }
  }

  private pass(source: Helper, target: Helper): Promise<Ran> {
    let isRefused = false;
    const tell = (bytes: number): void => this.tell(`${Math.round(bytes / 2 ** 20)} MiB copied`);
    const files = async function* (): AsyncGenerator<Buffer> {
      let bytes = 0;
      for await (const piece of source.stream(packCommand())) {
        if (isRefused) return;
        bytes += piece.length;
        tell(bytes);
        yield piece;
      }
    };
    return target.feed(unpackCommand(this.asPod), files(), (text) => {
      isRefused ||= text.includes(refusal);
    });
  }

  private tell(text: string): void {
    this.how.progress(`${this.how.to.namespace}/${this.how.claim}: ${text}`);
  }
}

function withoutRefusal(text: string): string {
  return text.replaceAll(refusal, '');
}

function filesText({ compared, moving }: FilesCompared): string {
  const meanwhile = moving === 0 ? '' : `; ${moving} changed meanwhile, and may be as they were before or after`;
  return `${compared} files and directories, each as in the original${meanwhile}`;
}

function differenceText({ differences }: FilesCompared): string {
  const more = differences.length > 3 ? ` and ${differences.length - 3} more` : '';
  return `it is not as the original: ${differences.slice(0, 3).join(', ')}${more}`;
}

/** Throws `UserError` where the copy is not as the original; then a marker stays in it, and a second run begins anew. */
export function copyVolume(how: CopyingVolume): Promise<RestoredVolume> {
  return new Copying(how).copy();
}
