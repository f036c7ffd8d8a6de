#pragma once

#include <memory>

#include "networks/family.h"

namespace florigen::dcgan {

/// The plain DCGAN generator of the starting repository, with the authors' order of concatenation, F =
/// generator features:
///
///     text d ─ Linear ─ BN ─ LR ─ nt ┐
///     noise nz ──────────────────────┴ [z, text] ─ deconv 4x4 ─ BN ─ ReLU ─ 8F x 4x4
///       ─ (deconv 4/2/1 ─ BN ─ ReLU) x 3 ─ 4F x 8x8, 2F x 16x16, F x 32x32 ─ deconv ─ tanh ─ 3 x 64x64
///
/// 4,756,736 parameters at F = 64, nz = 100, nt = 128, d = 1024.
std::shared_ptr<Generator> make_generator(const NetworkOptions& options);

}  // namespace florigen::dcgan
