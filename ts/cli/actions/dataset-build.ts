import { performance } from 'node:perf_hooks';
import { CATALOGUE } from '../../data/flowers/catalogue';
import { checkHybrids } from '../../data/flowers/subjects';
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
  hybrids: number;
  force?: boolean;
}

export const run: Action<Options> = async (context, { out, force, ...flowers }) => {
  const { images, mixed } = flowers;
  const fewest = mixed ? 1 : CATALOGUE.length;
  if (images !== 'all' && images < fewest)
    throw new UsageError(mustBe('--images', `at least ${fewest}, one for each species`, images));
  checkHybrids(flowers, (option) => `--${option}`);
  await prepareOutputFile(out, { force, flag: '--out' });
  const { signal } = context.listen('stopping; nothing is kept of a pack that is not whole.');
  const started = performance.now();
  await packFlowers(context.output, { path: out, ...flowers, signal });
  await reportPack(context.output, out, (performance.now() - started) / 1000);
  return undefined;
};
