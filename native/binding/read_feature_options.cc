#include "binding/read_feature_options.h"

namespace florigen::binding {

FeatureNetworkOptions read_feature_network_options(OptionReader reader) {
  FeatureNetworkOptions options;
  options.architecture = reader.text("architecture");
  options.input_size = reader.count("inputSize");
  options.heads = reader.counts("heads");
  options.dtype = reader.text("dtype");
  options.device = reader.text("device");
  options.precision = reader.text("precision");
  options.deterministic = reader.boolean("deterministic");
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
