#include "networks/family.h"

#include <array>

#include "core/error.h"
#include "core/numeric_options.h"
#include "networks/dcgan/discriminator.h"
#include "networks/dcgan/generator.h"
#include "networks/initialization.h"
#include "networks/modulated/generator.h"
#include "networks/placement.h"
#include "networks/reed2016/discriminator.h"
#include "networks/reed2016/generator.h"

namespace florigen {
namespace {

// The table of families. A family is one folder here, this row, and its layers in ts/models/network-sizes.ts.
const std::array<Family, 3> kFamilies = {{
    {"reed2016", reed2016::make_generator, reed2016::make_discriminator},
    {"dcgan", dcgan::make_generator, dcgan::make_discriminator},
    {"modulated", modulated::make_generator, reed2016::make_discriminator},
}};

void check_sizes(const NetworkOptions& options) {
  const std::array<std::pair<const char*, int64_t>, 5> sizes = {{
      {"textSize", options.text_size},
      {"noiseSize", options.noise_size},
      {"projectedTextSize", options.projected_text_size},
      {"generatorFeatures", options.generator_features},
      {"discriminatorFeatures", options.discriminator_features},
  }};
  constexpr int64_t kLargest = 1 << 16;
  for (const auto& [name, value] : sizes) {
    if (value < 1 || value > kLargest) {
      throw_must_be(ErrorCode::kUsage, name, "from 1 to 65536", std::to_string(value));
    }
  }
}

}  // namespace

const Family& find_family(const std::string& name) {
  for (const Family& family : kFamilies) {
    if (name == family.name) return family;
  }
  throw_must_be(ErrorCode::kUsage, "family", "'reed2016', 'dcgan' or 'modulated'", "'" + name + "'");
}

std::shared_ptr<Generator> make_generator(const NetworkOptions& options, uint32_t seed) {
  check_sizes(options);
  auto generator = find_family(options.family).make_generator(options);
  place(*generator, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_weights(*generator, "generator", seed);
  return generator;
}

std::shared_ptr<Discriminator> make_discriminator(const NetworkOptions& options, uint32_t seed) {
  check_sizes(options);
  auto discriminator = find_family(options.family).make_discriminator(options);
  place(*discriminator, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_weights(*discriminator, "discriminator", seed);
  return discriminator;
}

}  // namespace florigen
