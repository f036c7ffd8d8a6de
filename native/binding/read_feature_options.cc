#include "binding/read_feature_options.h"

#include "binding/read_machine_options.h"
#include "binding/read_optimizer.h"
#include "binding/read_tensor_ref.h"

namespace florigen::binding {

FeatureNetworkOptions read_feature_network_options(OptionReader reader) {
  FeatureNetworkOptions options;
  options.architecture = reader.text("architecture");
  options.input_size = reader.count("inputSize");
  options.heads = reader.counts("heads");
  options.machine = read_machine_options(reader);
  reader.refuse_unknown_keys();
  return options;
}

FeatureTrainerOptions read_feature_trainer_options(Napi::Value value) {
  OptionReader reader(value, "options", "");
  FeatureTrainerOptions options;
  options.network = read_feature_network_options(reader.object("network"));
  options.seed = reader.uint32("seed");
  options.images = read_tensor_ref(reader.object("images"));
  options.labels = read_tensor_ref(reader.object("labels"));
  options.head_weights = reader.numbers("headWeights");
  options.crop_side = reader.count("cropSide");
  options.optimizer = read_optimizer(reader.object("optimizer"));
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
