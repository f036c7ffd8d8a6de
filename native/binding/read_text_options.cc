#include "binding/read_text_options.h"

#include "binding/read_machine_options.h"
#include "binding/read_optimizer.h"
#include "binding/read_tensor_ref.h"

namespace florigen::binding {

TextNetworkOptions read_text_network_options(OptionReader reader) {
  TextNetworkOptions options;
  options.architecture = reader.text("architecture");
  options.vocabulary_size = reader.count("vocabularySize");
  options.length = reader.count("length");
  options.convolution_size = reader.count("convolutionSize");
  options.embedding_size = reader.count("embeddingSize");
  options.dropout = reader.number("dropout");
  options.machine = read_machine_options(reader);
  reader.refuse_unknown_keys();
  return options;
}

TextEncoderOptions read_text_encoder_options(Napi::Value value) {
  OptionReader reader(value, "options", "");
  TextEncoderOptions options;
  options.network = read_text_network_options(reader.object("network"));
  options.seed = reader.uint32("seed");
  options.tokens = read_tensor_ref(reader.object("tokens"));
  if (!reader.field("features").IsNull()) options.features = read_tensor_ref(reader.object("features"));
  OptionReader objective = reader.object("objective");
  options.objective = objective.text("kind");
  options.joint_embedding = {objective.boolean("symmetric"), objective.number("margin")};
  objective.refuse_unknown_keys();
  options.optimizer = read_optimizer(reader.object("optimizer"));
  options.initial_range = reader.number("initialRange");
  OptionReader words = reader.object("wordDropout");
  options.word_dropout = {words.number("share"), words.count("separator")};
  words.refuse_unknown_keys();
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
