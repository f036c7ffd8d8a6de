#include "training/text_encoder_trainer.h"

#include "core/error.h"
#include "core/numeric_options.h"
#include "core/random_tensors.h"

namespace florigen {
namespace {

void check_training(const TextEncoderOptions& options) {
  if (options.objective != "sje" && options.objective != "captions") {
    throw_must_be(ErrorCode::kUsage, "objective.kind", "'sje' or 'captions'", "'" + options.objective + "'");
  }
  if ((options.objective == "sje") != options.features.has_value()) {
    throw_must_be(ErrorCode::kUsage, "features", "there for the objective sje and null for captions",
                  options.features ? "there" : "null");
  }
  const double share = options.word_dropout.share;
  if (!(share >= 0 && share < 1)) {
    throw_must_be(ErrorCode::kUsage, "wordDropout.share", "at least 0 and less than 1",
                  std::to_string(share));
  }
}

}  // namespace

TextEncoderTrainer::TextEncoderTrainer(const TextEncoderOptions& options)
    : Trainer(options.seed),
      options_((check_training(options), options)),
      device_(parse_device(options.network.machine.device)),
      precision_(parse_precision(options.network.machine.precision, device_)),
      network_(text::make_text_network(options.network, options.initial_range, options.seed)),
      optimizer_(make_optimizer(*network_, options.optimizer)),
      source_({options.tokens, options.features, parse_dtype(options.network.machine.dtype), device_}),
      metrics_(device_, static_cast<int64_t>(EncoderMetric::kCount)) {
  if (source_.length() != options.network.length) {
    throw_must_be(ErrorCode::kUsage, "network.length",
                  "the length of the tokens, " + std::to_string(source_.length()),
                  std::to_string(options.network.length));
  }
  if (source_.has_features() && source_.feature_size() != options.network.embedding_size) {
    throw_must_be(ErrorCode::kUsage, "network.embeddingSize",
                  "the width of the features, " + std::to_string(source_.feature_size()),
                  std::to_string(options.network.embedding_size));
  }
  text::check_tokens(source_.all_tokens(), options.network.vocabulary_size);
  keep(named_tensors(*network_, "encoder"));
  keep(optimizer_->state_of("encoder"));
  keep_progress(metrics_);
}

NumericMode TextEncoderTrainer::numeric_mode() const {
  return {device_, precision_, options_.network.machine.deterministic};
}

void TextEncoderTrainer::check(const Plan& plan) const {
  check_steps(plan, {{UpdateKind::kEncoder}, /*fewest_rows=*/2, /*even=*/false});
  source_.check(plan);
}

torch::Tensor TextEncoderTrainer::embed(const torch::Tensor& captions, const UpdatePlace& place) {
  torch::Tensor tokens = captions;
  if (options_.word_dropout.share > 0) {
    const torch::Tensor numbers =
        uniform_rows({place.stream(Purpose::kWordDropout), tokens.size(0), tokens.size(1) + 1});
    tokens = text::leave_out_words(tokens, numbers.to(device_), options_.word_dropout);
  }
  torch::Tensor states = network_->states(tokens);
  const double dropped = options_.network.dropout;
  if (dropped > 0) {
    const torch::Tensor numbers =
        uniform_rows({place.stream(Purpose::kDropout), tokens.size(0), network_->state_size()});
    states = states * numbers.ge(dropped).to(states.options()).div_(1 - dropped);
  }
  return network_->embeddings(states);
}

JointEmbedding TextEncoderTrainer::look_at(const UpdateContext& context) {
  const Plan& plan = context.plan;
  const RowRange& rows = context.update.rows;
  const torch::Tensor captions = source_.tokens(plan, rows, "caption");
  if (source_.has_features()) {
    return joint_embedding(source_.features(plan, rows), embed(captions, context.place),
                           options_.joint_embedding);
  }
  const torch::Tensor both = at::cat({captions, source_.tokens(plan, rows, "otherCaption")});
  const std::vector<torch::Tensor> embeddings = embed(both, context.place).chunk(2);
  return joint_embedding(embeddings[1], embeddings[0], options_.joint_embedding);
}

NamedLoss TextEncoderTrainer::update(const UpdateContext& context) {
  const JointEmbedding found = look_at(context);
  const auto gradients = context.gradients(found.loss, optimizer_->parameters());
  optimizer_->step(gradients, context.plan.value(kLearningRate));
  metrics_.add(EncoderMetric::kLoss, found.loss);
  metrics_.add(EncoderMetric::kAccuracy, found.accuracy);
  return {"encoder", found.loss.item<double>()};
}

}  // namespace florigen
