#pragma once

#include <memory>

#include "networks/family.h"

namespace florigen::modulated {

/// A generator whose text acts at every level, F = generator features:
///
///     text d ─ Linear ─ nt, no activation: goes into every MN, a modulated norm
///     noise nz ─ deconv 4x4 ─ MN ─ ReLU ────────────────── 8F x 4x4
///       ─ x2 ─ 3x3 ─ MN ─ ReLU ─────────────────────────── 4F x 8x8
///       ─ x2 ─ 3x3 ─ MN ─ ReLU ─────────────────────────── 2F x 16x16
///       ─ x2 ─ 3x3 ─ MN ─ ReLU ─────────────────────────── F x 32x32
///       ─ x2 ─ 3x3 ─ MN ─ ReLU ─────────────────────────── F/2 x 64x64, at least 1
///       ─ 3x3 ─ tanh ───────────────────────────────────── 3 x 64x64
///
/// x2 doubles the side by repeating pixels: it leaves no checkerboard, where a transposed convolution does.
std::shared_ptr<Generator> make_generator(const NetworkOptions& options);

}  // namespace florigen::modulated
