#pragma once

#include <torch/types.h>

#include <vector>

#include "core/philox.h"

namespace florigen {

/// Rows of random numbers: row `r` of the result is the stream `id` with `id.row + r`. Float64 on the CPU.
struct RandomRows {
  StreamId id;
  int64_t rows;
  int64_t columns;
};

/// `[rows, columns]`, N(0, 1) by Box-Muller (docs/step.md, section 7).
torch::Tensor normal_rows(const RandomRows& request);

/// `[rows, columns]`, U(0, 1).
torch::Tensor uniform_rows(const RandomRows& request);

/// `count` numbers of one stream, N(0, 1) or U(0, 1), float64 on the CPU; computed by all threads.
torch::Tensor normal_vector(const StreamId& id, int64_t count);
torch::Tensor uniform_vector(const StreamId& id, int64_t count);

/// `[seeds, columns]`, N(0, 1): the sample noise of each seed, so that a picture depends on its own seed
/// alone.
torch::Tensor sample_noise(const std::vector<uint32_t>& seeds, int64_t columns);

}  // namespace florigen
