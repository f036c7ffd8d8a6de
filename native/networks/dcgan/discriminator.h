#pragma once

#include <memory>

#include "networks/family.h"

namespace florigen::dcgan {

/// The plain DCGAN discriminator of the starting repository, F = discriminator features:
///
///     trunk   image 3 x 64x64 ─ conv 4/2/1 ─ LR ─ F x 32x32 ─ (conv ─ BN ─ LR) x 3 ─ 2F, 4F, 8F x 4x4
///     head    text d ─ Linear ─ BN ─ LR ─ nt ─ replicate 4x4 ┐
///             features 8F x 4x4 ─────────────────────────────┴ [image, text] ─ conv 4x4 ── 1 logit
///
/// 2,899,072 parameters at F = 64, nt = 128, d = 1024.
std::shared_ptr<Discriminator> make_discriminator(const NetworkOptions& options);

}  // namespace florigen::dcgan
