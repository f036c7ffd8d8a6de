#include "inference/generator_runtime.h"

#include "networks/drawing.h"

namespace florigen {
GeneratorRuntime::GeneratorRuntime(const NetworkOptions& options)
    : options_(options),
      mode_(parse_numeric_mode(options.machine)),
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
