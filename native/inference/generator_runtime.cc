#include "inference/generator_runtime.h"

#include "core/numeric_options.h"
#include "networks/drawing.h"

namespace florigen {
namespace {

NumericMode mode_of(const NetworkOptions& options) {
  const torch::Device device = parse_device(options.device);
  return {device, parse_precision(options.precision, device), options.deterministic};
}

}  // namespace

GeneratorRuntime::GeneratorRuntime(const NetworkOptions& options)
    : options_(options),
      mode_(mode_of(options)),
      generator_(make_generator(options, /*seed=*/0)),
      state_(named_tensors(*generator_, "generator")) {
  generator_->eval();
}

void GeneratorRuntime::write_state(const std::string& name, const uint8_t* data, size_t bytes) {
  assign_bytes({name, find_tensor(state_, name)}, data, bytes);
}

std::vector<uint8_t> GeneratorRuntime::generate(const float* sentences, const std::vector<uint32_t>& seeds) {
  const NumericModeScope mode(mode_);
  return draw_rgb(*generator_, options_, {sentences, seeds});
}

}  // namespace florigen
