import { performance } from 'node:perf_hooks';
import { CATALOGUE } from '../../data/flowers/catalogue';
import { mustBe, UsageError } from '../../errors';
import type { Action } from '../context';
import { prepareOutputFile } from '../existing-file';
import { packFlowers } from '../pack-flowers';
import { reportPack } from '../pack-report';

interface Options {
  out: string;
  images: number | 'all';
  sizes: number[];
  seed: number;
  mixed?: boolean;
  force?: boolean;
}

export const run: Action<Options> = async (context, { out, images, sizes, seed, mixed, force }) => {
  const fewest = mixed ? 1 : CATALOGUE.length;
  if (images !== 'all' && images < fewest)
    throw new UsageError(mustBe('--images', `at least ${fewest}, one for each species`, images));
  await prepareOutputFile(out, { force, flag: '--out' });
  const { signal } = context.listen('stopping; nothing is kept of a pack that is not whole.');
  const started = performance.now();
  await packFlowers(context.output, { path: out, images, sizes, seed, mixed, signal });
  await reportPack(context.output, out, (performance.now() - started) / 1000);
  return undefined;
};
