import { choosePrecision } from '../../models/precision';
import { duration } from '../format';
import type { DemoSettings } from './settings';

/**
 * Seconds of each part on two quiet cores, as the machine that `docs/decisions.md` names ran the demo. They only
 * serve the announcement; nothing depends on them.
 */
const cost = { perImage: 0.008, perImageOfText: 0.007, perStep: { bf16: 0.36, others: 0.53 }, overhead: 15 };

/** About how long a demo takes on two quiet cores, in seconds. */
export function estimateSeconds({ images, hybrids, steps }: DemoSettings): {
  data: number;
  training: number;
  total: number;
} {
  const isFast = choosePrecision('auto', 'cpu') === 'bf16';
  const data = (images + hybrids) * (cost.perImage + cost.perImageOfText);
  const training = steps * (isFast ? cost.perStep.bf16 : cost.perStep.others);
  return { data, training, total: data + training + cost.overhead };
}

/** The announcement: to whole minutes, since no two machines are equal. */
export function estimateText(settings: DemoSettings): string {
  const { data, training, total } = estimateSeconds(settings);
  const shown = total < 90 ? duration(total) : `${Math.ceil(total / 60)} minutes`;
  return `About ${shown} on two quiet cores (data ${duration(data)}, training ${duration(training)}).`;
}
