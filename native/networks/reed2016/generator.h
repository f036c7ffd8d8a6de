#pragma once

#include <memory>

#include "networks/family.h"

namespace florigen::reed2016 {

/// The authors' generator (main_cls_int.lua), F = generator features:
///
///     text d ─ Linear ─ LR ─ nt ┐
///     noise nz ─────────────────┴ [z, text] ─ deconv 4x4 ─ BN ──── 8F x 4x4    (no activation)
///       ─ residual, bottleneck 2F ─ ReLU ────────────────────────── 8F x 4x4
///       ─ deconv 4/2/1 ─ BN ─────────────────────────────────────── 4F x 8x8   (no activation)
///       ─ residual, bottleneck F ─ ReLU ─────────────────────────── 4F x 8x8
///       ─ deconv ─ BN ─ ReLU ─ 2F x 16x16 ─ deconv ─ BN ─ ReLU ─── F x 32x32
///       ─ deconv ─ tanh ──────────────────────────────────────────── 3 x 64x64
///
/// 18,905,472 parameters at F = 128, nz = 100, nt = 128, d = 1024.
std::shared_ptr<Generator> make_generator(const NetworkOptions& options);

}  // namespace florigen::reed2016
