#pragma once

#include <memory>

#include "networks/family.h"

namespace florigen::reed2016 {

/// The authors' discriminator (main_cls_int.lua), F = discriminator features, LR = leaky ReLU 0.2:
///
///     trunk   image 3 x 64x64 ─ conv 4/2/1 ─ LR ── F x 32x32 ─ conv ─ BN ─ LR ── 2F x 16x16
///               ─ conv ─ BN ── 4F x 8x8 ─ conv ─ BN ── 8F x 4x4                 (no activation in these two)
///               ─ residual, bottleneck 2F ─ LR ── 8F x 4x4
///     head    text d ─ Linear ─ BN ─ LR ─ nt ─ replicate 4x4 ┐
///             features 8F x 4x4 ─────────────────────────────┴ [image, text] ─ 1x1 ─ BN ─ LR ── 8F x 4x4
///               ─ conv 4x4 ── 1 logit
///
/// 4,030,080 parameters at F = 64, nt = 128, d = 1024.
std::shared_ptr<Discriminator> make_discriminator(const NetworkOptions& options);

}  // namespace florigen::reed2016
