#include "core/random_tensors.h"

#include <ATen/Parallel.h>

#include <cmath>
#include <numbers>

namespace florigen {
namespace {

constexpr int64_t kParallelBlocks = 4096;

void fill_normal(const std::array<uint32_t, 4>& words, double* out, int64_t count) {
  for (int64_t pair = 0; 2 * pair < count; ++pair) {
    const double radius = std::sqrt(-2.0 * std::log(to_uniform(words[2 * pair])));
    const double angle = 2.0 * std::numbers::pi * to_uniform(words[2 * pair + 1]);
    out[2 * pair] = radius * std::cos(angle);
    if (2 * pair + 1 < count) out[2 * pair + 1] = radius * std::sin(angle);
  }
}

void fill_uniform(const std::array<uint32_t, 4>& words, double* out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) out[i] = to_uniform(words[i]);
}

using Fill = void (*)(const std::array<uint32_t, 4>&, double*, int64_t);

void fill_stream(const StreamId& id, double* out, int64_t count, Fill fill) {
  const int64_t blocks = (count + 3) / 4;
  at::parallel_for(0, blocks, kParallelBlocks, [&](int64_t begin, int64_t end) {
    for (int64_t block = begin; block < end; ++block) {
      fill(philox_block(id, static_cast<uint32_t>(block)), out + 4 * block,
           std::min<int64_t>(4, count - 4 * block));
    }
  });
}

torch::Tensor vector_of(const StreamId& id, int64_t count, Fill fill) {
  torch::Tensor out = torch::empty({count}, torch::kFloat64);
  fill_stream(id, out.data_ptr<double>(), count, fill);
  return out;
}

torch::Tensor rows_of(const RandomRows& request, Fill fill) {
  torch::Tensor out = torch::empty({request.rows, request.columns}, torch::kFloat64);
  StreamId id = request.id;
  for (int64_t row = 0; row < request.rows; ++row, ++id.row) {
    fill_stream(id, out.data_ptr<double>() + row * request.columns, request.columns, fill);
  }
  return out;
}

}  // namespace

torch::Tensor normal_rows(const RandomRows& request) { return rows_of(request, fill_normal); }
torch::Tensor uniform_rows(const RandomRows& request) { return rows_of(request, fill_uniform); }
torch::Tensor normal_vector(const StreamId& id, int64_t count) { return vector_of(id, count, fill_normal); }
torch::Tensor uniform_vector(const StreamId& id, int64_t count) { return vector_of(id, count, fill_uniform); }

torch::Tensor sample_noise(const std::vector<uint32_t>& seeds, int64_t columns) {
  std::vector<torch::Tensor> rows;
  rows.reserve(seeds.size());
  for (const uint32_t seed : seeds) {
    rows.push_back(normal_vector({seed, Purpose::kSampleNoise, /*step=*/0, /*pass=*/0, /*row=*/0}, columns));
  }
  return rows.empty() ? torch::empty({0, columns}, torch::kFloat64) : torch::stack(rows);
}

}  // namespace florigen
