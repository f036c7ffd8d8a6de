#include "training/feature_trainer.h"

#include <string>

#include "core/error.h"
#include "core/numeric_options.h"
#include "data/views.h"
#include "objectives/classification.h"
#include "training/buffer_snapshot.h"

namespace florigen {
namespace {

/// One head at least, one weight and one column of labels for each.
void check_heads(const FeatureTrainerOptions& options, const torch::Tensor& labels) {
  const std::vector<int64_t>& heads = options.network.heads;
  if (heads.empty()) throw_must_be(ErrorCode::kUsage, "network.heads", "one head at least", "empty");
  const auto count = static_cast<int64_t>(heads.size());
  const std::string expectation = "one for each of the " + std::to_string(count) + " heads";
  if (options.head_weights.size() != heads.size()) {
    throw_must_be(ErrorCode::kUsage, "headWeights", expectation, std::to_string(options.head_weights.size()));
  }
  for (const double weight : options.head_weights) {
    if (weight < 0) throw_must_be(ErrorCode::kUsage, "headWeights", "at least 0", std::to_string(weight));
  }
  if (labels.size(1) != count) {
    throw_must_be(ErrorCode::kUsage, "labels", expectation, std::to_string(labels.size(1)) + " columns");
  }
  for (int64_t head = 0; head < count; ++head) {
    const auto [least, largest] = at::aminmax(labels.select(1, head));
    if (least.item<int64_t>() >= -1 && largest.item<int64_t>() < heads[head]) continue;
    throw_must_be(ErrorCode::kUsage, "labels of head " + std::to_string(head),
                  "from -1 to " + std::to_string(heads[head] - 1),
                  c10::str(least.item<int64_t>(), " to ", largest.item<int64_t>()));
  }
}

}  // namespace

FeatureTrainer::FeatureTrainer(const FeatureTrainerOptions& options)
    : Trainer(options.seed),
      options_(options),
      device_(parse_device(options.network.machine.device)),
      precision_(parse_precision(options.network.machine.precision, device_)),
      network_(googlenet::make_feature_network(options.network, options.seed)),
      optimizer_(make_optimizer(*network_, options.optimizer)),
      source_({options.images, options.labels, options.crop_side, parse_dtype(options.network.machine.dtype),
               device_}),
      metrics_(device_, 1 + static_cast<int64_t>(options.network.heads.size())) {
  check_heads(options, source_.all_labels());
  keep(named_tensors(*network_, "features"));
  keep(optimizer_->state_of("features"));
  keep_progress(metrics_);
}

NumericMode FeatureTrainer::numeric_mode() const {
  return {device_, precision_, options_.network.machine.deterministic};
}

void FeatureTrainer::check(const Plan& plan) const {
  check_steps(plan, {{UpdateKind::kFeatures}, /*fewest_rows=*/2, /*even=*/false});
  source_.check(plan);
}

NamedLoss FeatureTrainer::update(const UpdateContext& context) {
  const RowRange& rows = context.update.rows;
  BufferSnapshot snapshot({network_.get()});
  const torch::Tensor images = resize_images(source_.images(context.plan, rows), options_.network.input_size);
  const Classification answer = classify(network_->logits(network_->features(images)),
                                         source_.labels(context.plan, rows), options_.head_weights);
  const auto gradients = context.gradients(answer.loss, optimizer_->parameters());
  optimizer_->step(gradients, context.plan.value(kLearningRate));
  snapshot.accept();
  metrics_.add(0, answer.loss);
  for (size_t head = 0; head < answer.accuracies.size(); ++head)
    metrics_.add(1 + head, answer.accuracies[head]);
  return {"features", answer.loss.item<double>()};
}

}  // namespace florigen
