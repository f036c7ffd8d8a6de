import type { NativeDevice, NativePrecision } from '../native/addon';
import { cpuFeatures } from '../native/cpu-features';

/**
 * What `precision: 'auto'` means on this machine: TF32 on CUDA, as PyTorch's convolutions; on a CPU bfloat16 where
 * it has AVX-512 BF16 (a step of the preset `small` then takes half the time, docs/decisions.md), else float32.
 */
export function choosePrecision(asked: 'auto' | NativePrecision, device: NativeDevice): NativePrecision {
  if (asked !== 'auto') return asked;
  if (device === 'cuda') return 'tf32';
  return cpuFeatures().flags.has('avx512_bf16') ? 'bf16' : 'ieee';
}
