import type { FlorigenAddon, GanTrainerHandle, NativeGanOptions } from '../native/addon';
import { type GanMetric, metricNames } from './metrics';
import { NativeTrainer } from './native-trainer';

/** The native trainer of one GAN. */
export class NativeGan extends NativeTrainer<GanMetric, GanTrainerHandle> {
  static async create(addon: FlorigenAddon, options: NativeGanOptions): Promise<NativeGan> {
    return new NativeGan(addon, await addon.createGanTrainer(options), metricNames);
  }

  /** RGB bytes [n, 64, 64, 3]. */
  async sample(sentences: Float32Array, seeds: Uint32Array): Promise<Uint8Array> {
    return await this.addon.ganTrainerSample(this.handle, sentences, seeds);
  }
}
