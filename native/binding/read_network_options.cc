#include "binding/read_network_options.h"

#include "binding/read_machine_options.h"

namespace florigen::binding {

NetworkOptions read_network_options(OptionReader reader) {
  NetworkOptions options;
  options.family = reader.text("family");
  options.text_size = reader.count("textSize");
  options.noise_size = reader.count("noiseSize");
  options.projected_text_size = reader.count("projectedTextSize");
  options.generator_features = reader.count("generatorFeatures");
  options.discriminator_features = reader.count("discriminatorFeatures");
  options.machine = read_machine_options(reader);
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
