#include "training/gan_trainer.h"

#include <torch/csrc/autograd/autograd.h>

#include <cmath>

#include "core/error.h"
#include "core/numeric_options.h"
#include "core/random_tensors.h"
#include "networks/drawing.h"
#include "objectives/generator_update.h"
#include "training/buffer_snapshot.h"
#include "training/moving_average.h"

namespace florigen {
namespace {

Objective parse_objective(const GanOptions& options) {
  return {.pairing = parse_pairing(options.objective.pairing),
          .cls_weight = options.objective.cls_weight,
          .interpolation_weight = options.objective.interpolation_weight,
          .beta = parse_beta(options.objective.interpolation_beta),
          .mode_seeking_epsilon = options.objective.mode_seeking_epsilon,
          .augmentation = options.augmentation};
}

void append(std::vector<NamedTensor>& all, std::vector<NamedTensor> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

bool all_finite(const std::vector<torch::Tensor>& gradients) {
  std::vector<torch::Tensor> largest;
  for (const torch::Tensor& norm : at::_foreach_norm(gradients, std::numeric_limits<double>::infinity())) {
    largest.push_back(norm.reshape({}));
  }
  return torch::stack(largest).isfinite().all().item<bool>();
}

}  // namespace

/// One update of one step.
struct GanTrainer::UpdateContext {
  const Plan& plan;
  Update update;
  UpdatePlace place;
  int64_t plan_step;

  [[noreturn]] void refuse(const char* what) const {
    const bool of_discriminator = update.kind == UpdateKind::kDiscriminator;
    throw Error(ErrorCode::kNonFinite,
                std::string("the ") + (of_discriminator ? "discriminator" : "generator") +
                    " update of step " + std::to_string(place.step) + " (step " + std::to_string(plan_step) +
                    " of its epoch, update " + std::to_string(place.update) + ", rows " +
                    std::to_string(update.rows.first) + " to " +
                    std::to_string(update.rows.first + update.rows.count - 1) + ") has a " + what +
                    " that is not finite; the update was not applied");
  }

  /// Gradients of `loss`, refused unless it and they are finite.
  std::vector<torch::Tensor> gradients(const torch::Tensor& loss,
                                       const std::vector<torch::Tensor>& parameters) const {
    if (!std::isfinite(loss.item<double>())) refuse("loss");
    std::vector<torch::Tensor> result = torch::autograd::grad({loss}, parameters);
    if (!all_finite(result)) refuse("gradient");
    return result;
  }
};

GanTrainer::GanTrainer(const GanOptions& options)
    : options_(options),
      objective_(parse_objective(options)),
      device_(parse_device(options.network.device)),
      dtype_(parse_dtype(options.network.dtype)),
      precision_(parse_precision(options.network.precision, device_)),
      generator_(make_generator(options.network, options.seed)),
      discriminator_(make_discriminator(options.network, options.seed)),
      generator_adam_(*generator_, options.adam),
      discriminator_adam_(*discriminator_, options.adam),
      source_({options.images, options.sentence_embeddings, kImageSize, dtype_, device_}),
      metrics_(device_),
      global_step_(torch::zeros({}, torch::kInt64)) {
  if (source_.sentence_size() != options.network.text_size) {
    throw_must_be(ErrorCode::kUsage, "network.textSize",
                  "the width of the embeddings, " + std::to_string(source_.sentence_size()),
                  std::to_string(options.network.text_size));
  }
  state_ = named_tensors(*generator_, "generator");
  append(state_, named_tensors(*discriminator_, "discriminator"));
  if (options.ema_decay > 0) {
    average_ = make_generator(options.network, options.seed);
    average_->eval();
    append(state_, named_tensors(*average_, "ema"));
  }
  append(state_, generator_adam_.state("adam.generator"));
  append(state_, discriminator_adam_.state("adam.discriminator"));
  state_.push_back({"progress.step", global_step_});
  append(state_, metrics_.state());
}

std::vector<uint8_t> GanTrainer::read_state(const std::string& name) const {
  return tensor_bytes(find_tensor(state_, name));
}

void GanTrainer::write_state(const std::string& name, const uint8_t* data, size_t bytes) {
  assign_bytes({name, find_tensor(state_, name)}, data, bytes);
}

NumericMode GanTrainer::numeric_mode() const { return {device_, precision_, options_.network.deterministic}; }

void GanTrainer::check_range(const Plan& plan, int64_t first, int64_t last) const {
  const bool mismatches = objective_.cls_weight > 0;
  check_plan(plan, {.image_count = source_.image_count(),
                    .caption_count = source_.caption_count(),
                    .largest_crop = source_.largest_crop(),
                    .mismatched_images = mismatches && objective_.pairing == Pairing::kAuthors,
                    .mismatched_captions = mismatches && objective_.pairing == Pairing::kPaper});
  if (first < 0 || last < first || last > plan.step_count()) {
    throw_must_be(ErrorCode::kUsage, "range",
                  "within the " + std::to_string(plan.step_count()) + " steps of the plan",
                  std::to_string(first) + " to " + std::to_string(last));
  }
}

RunResult GanTrainer::run(const Plan& plan, int64_t first, int64_t last, const ShouldStop& should_stop,
                          const OnProgress& on_progress) {
  check_range(plan, first, last);
  RunProgress progress{.next_step = first,
                       .global_step = global_step_.item<int64_t>(),
                       .discriminator_loss = 0,
                       .generator_loss = 0};
  while (progress.next_step < last) {
    if (should_stop()) return {progress.next_step, progress.global_step, /*cancelled=*/true};
    uint32_t index = 0;
    for (const Update& update : plan.updates_of(progress.next_step)) {
      const UpdatePlace place{options_.seed, static_cast<uint32_t>(progress.global_step), index++};
      const UpdateContext context{plan, update, place, progress.next_step};
      // One scope per update: autocast keeps its bfloat16 copies of the weights until the scope ends.
      const NumericModeScope mode(numeric_mode());
      if (update.kind == UpdateKind::kDiscriminator) {
        progress.discriminator_loss = discriminator_update(context);
      } else {
        progress.generator_loss = generator_update(context);
      }
    }
    global_step_.add_(1);
    ++progress.next_step;
    ++progress.global_step;
    on_progress(progress);
  }
  return {progress.next_step, progress.global_step, /*cancelled=*/false};
}

double GanTrainer::discriminator_update(const UpdateContext& context) {
  const Plan& plan = context.plan;
  const RowRange& rows = context.update.rows;
  const bool mismatches = objective_.cls_weight > 0;
  DiscriminatorBatch batch;
  batch.images = source_.images(plan, rows, Role::kMatching);
  batch.text = source_.sentences(plan, rows, Role::kMatching);
  if (mismatches && objective_.pairing == Pairing::kAuthors) {
    batch.mismatched_images = source_.images(plan, rows, Role::kMismatching);
  } else if (mismatches) {
    batch.mismatched_text = source_.sentences(plan, rows, Role::kMismatching);
  }
  batch.noise = normal_rows({context.place.stream(Purpose::kDiscriminatorNoise), rows.count,
                             options_.network.noise_size})
                    .to(batch.text.options());

  BufferSnapshot snapshot({generator_.get(), discriminator_.get()});
  const DiscriminatorLosses losses =
      discriminator_losses({*generator_, *discriminator_}, batch, objective_, context.place);
  const auto gradients = context.gradients(losses.loss, discriminator_adam_.parameters());
  discriminator_adam_.step(gradients, plan.learning_rate);
  snapshot.accept();

  metrics_.add(Metric::kDiscriminatorLoss, losses.loss);
  metrics_.add(Metric::kRealLoss, losses.real_loss);
  metrics_.add(Metric::kMismatchedLoss, losses.mismatched_loss);
  metrics_.add(Metric::kFakeLoss, losses.fake_loss);
  metrics_.add(Metric::kRealScore, losses.real_score);
  metrics_.add(Metric::kMismatchedScore, losses.mismatched_score);
  metrics_.add(Metric::kFakeScore, losses.fake_score);
  return losses.loss.item<double>();
}

double GanTrainer::generator_update(const UpdateContext& context) {
  const Plan& plan = context.plan;
  const GeneratorBatch batch{.text = source_.sentences(plan, context.update.rows, Role::kMatching),
                             .noise_size = options_.network.noise_size,
                             .mode_seeking_weight = plan.mode_seeking_weight};
  BufferSnapshot snapshot({generator_.get(), discriminator_.get()});
  const GeneratorLosses losses =
      generator_losses({*generator_, *discriminator_}, batch, objective_, context.place);
  const auto gradients = context.gradients(losses.loss, generator_adam_.parameters());
  generator_adam_.step(gradients, plan.learning_rate);
  snapshot.accept();
  if (average_) {
    update_average(*average_, *generator_, {options_.ema_decay, generator_adam_.step_count()});
  }

  metrics_.add(Metric::kGeneratorLoss, losses.loss);
  metrics_.add(Metric::kAdversarialLoss, losses.adversarial_loss);
  metrics_.add(Metric::kModeSeekingLoss, losses.mode_seeking_loss);
  metrics_.add(Metric::kGeneratorScore, losses.score);
  return losses.loss.item<double>();
}

std::vector<uint8_t> GanTrainer::sample(const float* sentences, const std::vector<uint32_t>& seeds) {
  const NumericModeScope mode(numeric_mode());
  return draw_rgb(average_ ? *average_ : *generator_, options_.network, {sentences, seeds});
}

}  // namespace florigen
