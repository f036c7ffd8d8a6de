#include "binding/read_gan_options.h"

#include "binding/option_reader.h"
#include "binding/read_feature_options.h"
#include "binding/read_network_options.h"
#include "binding/read_tensor_ref.h"
#include "binding/read_text_options.h"

namespace florigen::binding {
namespace {

ContrastiveOptions read_contrastive(OptionReader reader) {
  ContrastiveOptions contrastive;
  contrastive.weight = reader.number("weight");
  contrastive.temperature = reader.number("temperature");
  reader.refuse_unknown_keys();
  return contrastive;
}

ObjectiveOptions read_objective(OptionReader reader) {
  ObjectiveOptions objective;
  objective.pairing = reader.text("pairing");
  objective.cls_weight = reader.number("clsWeight");
  objective.interpolation_weight = reader.number("interpolationWeight");
  objective.interpolation_beta = reader.text("interpolationBeta");
  objective.mode_seeking_epsilon = reader.number("modeSeekingEpsilon");
  objective.contrastive = read_contrastive(reader.object("contrastive"));
  reader.refuse_unknown_keys();
  return objective;
}

AugmentationOptions read_augmentation(OptionReader reader) {
  AugmentationOptions augmentation;
  augmentation.translation = reader.number("translation");
  augmentation.cutout = reader.number("cutout");
  reader.refuse_unknown_keys();
  return augmentation;
}

AdamOptions read_adam(OptionReader reader) {
  AdamOptions adam;
  adam.beta1 = reader.number("beta1");
  adam.beta2 = reader.number("beta2");
  adam.epsilon = reader.number("epsilon");
  reader.refuse_unknown_keys();
  return adam;
}

FineTuningOptions read_fine_tuning(OptionReader reader) {
  FineTuningOptions fine_tuning;
  fine_tuning.network = read_text_network_options(reader.object("network"));
  fine_tuning.tokens = read_tensor_ref(reader.object("tokens"));
  reader.refuse_unknown_keys();
  return fine_tuning;
}

GuideOptions read_guide(OptionReader reader) {
  GuideOptions guide;
  guide.network = read_feature_network_options(reader.object("network"));
  guide.term.weight = reader.number("weight");
  guide.term.temperature = reader.number("temperature");
  guide.critic_weight = reader.number("criticWeight");
  reader.refuse_unknown_keys();
  return guide;
}

}  // namespace

GanOptions read_gan_options(Napi::Value value) {
  OptionReader reader(value, "options", "");
  GanOptions options;
  options.network = read_network_options(reader.object("network"));
  options.seed = reader.uint32("seed");
  options.images = read_tensor_ref(reader.object("images"));
  if (!reader.field("sentenceEmbeddings").IsNull()) {
    options.sentence_embeddings = read_tensor_ref(reader.object("sentenceEmbeddings"));
  }
  if (!reader.field("fineTuning").IsNull()) {
    options.fine_tuning = read_fine_tuning(reader.object("fineTuning"));
  }
  if (!reader.field("guide").IsNull()) options.guide = read_guide(reader.object("guide"));
  options.objective = read_objective(reader.object("objective"));
  options.augmentation = read_augmentation(reader.object("augmentation"));
  options.adam = read_adam(reader.object("adam"));
  options.ema_decay = reader.number("emaDecay");
  reader.refuse_unknown_keys();
  return options;
}

}  // namespace florigen::binding
