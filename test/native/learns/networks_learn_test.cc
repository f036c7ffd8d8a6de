// Tiny runs of a text encoder and of a feature network must learn what is there to learn, and a control whose
// labels tell nothing must miss the same bound.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "core/random_tensors.h"
#include "support/one_thread.h"
#include "support/parity.h"
#include "support/trainer_state.h"
#include "training/feature_trainer.h"
#include "training/text_encoder_trainer.h"

namespace florigen::testing {
namespace {

constexpr int64_t kClasses = 6;

/// Two tensors in one file, as a trainer maps them.
class TwoTensors {
 public:
  TwoTensors(const torch::Tensor& first, const torch::Tensor& second)
      : path_(std::filesystem::temp_directory_path() / ("florigen-lesson-" + std::to_string(getpid()))),
        first_(first.contiguous()),
        second_(second.contiguous()) {
    std::ofstream file(path_, std::ios::binary);
    for (const torch::Tensor& tensor : {first_, second_}) {
      file.write(static_cast<const char*>(tensor.const_data_ptr()),
                 static_cast<std::streamsize>(tensor.nbytes()));
    }
  }
  ~TwoTensors() { std::remove(path_.c_str()); }
  TwoTensors(const TwoTensors&) = delete;
  TwoTensors& operator=(const TwoTensors&) = delete;

  TensorRef first(const char* dtype) const { return ref(first_, 0, dtype); }
  TensorRef second(const char* dtype) const { return ref(second_, first_.nbytes(), dtype); }

 private:
  TensorRef ref(const torch::Tensor& tensor, size_t offset, const char* dtype) const {
    return {path_, static_cast<int64_t>(offset), static_cast<int64_t>(tensor.nbytes()), dtype,
            tensor.sizes().vec()};
  }
  std::filesystem::path path_;
  torch::Tensor first_, second_;
};

/// Integers below `limit`, always the same of one seed.
torch::Tensor draws(uint32_t seed, std::vector<int64_t> shape, int64_t limit) {
  const int64_t count = c10::multiply_integers(shape);
  return (uniform_vector({seed, Purpose::kPlan, 0, 0, 0}, count) * limit).floor().view(shape);
}

/// The mean of a metric over one more pass of a plan at learning rate 0.
double measured(Trainer& trainer, Plan plan, int64_t metric) {
  for (const char* name : {"progress.metric_sums", "progress.metric_counts"}) {
    const std::vector<uint8_t> zeros(trainer.read_state(name).size(), 0);
    trainer.write_state(name, zeros.data(), zeros.size());
  }
  plan.values[kLearningRate] = 0;
  run_all(trainer, plan);
  return state_tensor(trainer, "progress.metric_sums")[metric].item<double>() /
         static_cast<double>(state_tensor(trainer, "progress.metric_counts")[metric].item<int64_t>());
}

/// Steps of `rows` rows; `fill(row)` appends to the columns.
template <typename Fill>
Plan plan_of(UpdateKind kind, int32_t steps, int32_t rows, double learning_rate, const Fill& fill) {
  Plan plan;
  plan.row_count = int64_t{steps} * rows;
  plan.captions_per_image = 1;
  plan.values = {{kLearningRate, learning_rate}};
  for (int32_t row = 0; row < plan.row_count; ++row) fill(plan.columns, row);
  plan.step_start.push_back(0);
  for (int32_t step = 0; step < steps; ++step) {
    plan.updates.insert(plan.updates.end(), {static_cast<int32_t>(kind), step * rows, rows});
    plan.step_start.push_back(step + 1);
  }
  return plan;
}

constexpr int64_t kCaptions = 240, kLength = 12, kWords = 24, kWidth = 24;

/// Caption n is of class n mod 6, and says so by one word among noise; the last quarter is held out.
double encoder_accuracy(bool captions_tell) {
  const OneThread one_thread;
  torch::Tensor tokens = draws(1, {kCaptions, kLength}, kWords - kClasses) + 1 + kClasses;
  const torch::Tensor caption = torch::arange(kCaptions);
  const torch::Tensor told =
      captions_tell ? caption.remainder(kClasses) : draws(2, {kCaptions}, kClasses).to(torch::kInt64);
  tokens.index_put_({caption, draws(3, {kCaptions}, kLength).to(torch::kInt64)},
                    (told + 1).to(torch::kFloat64));
  const torch::Tensor features = draws(4, {kClasses, 1, kWidth}, 2);
  const TwoTensors data(tokens.to(torch::kInt32), features.to(torch::kFloat32));
  TextEncoderOptions options;
  options.network = {"word-cnn-rnn", kWords, kLength, /*convolution_size=*/32, kWidth, 0, "float32",
                     test_device(),  "ieee", true};
  options.seed = 5;
  options.tokens = data.first("I32");
  options.features = data.second("F32");
  options.objective = "sje";
  options.joint_embedding = {true, 1.0};
  options.optimizer = {"rmsprop", 0, 0.99, 1e-8};
  options.initial_range = 0.08;
  options.word_dropout = {/*share=*/0, /*separator=*/0};
  TextEncoderTrainer trainer(options);
  const auto rows = [](int32_t first_caption, int32_t captions) {
    return [=](std::map<std::string, std::vector<int32_t>>& columns, int32_t row) {
      const auto in_class =
          (row / static_cast<int32_t>(kClasses)) % (captions / static_cast<int32_t>(kClasses));
      const auto own = row % static_cast<int32_t>(kClasses);
      columns["image"].push_back(own);
      columns["view"].push_back(0);
      columns["caption"].push_back(first_caption + in_class * static_cast<int32_t>(kClasses) + own);
    };
  };
  run_all(trainer, plan_of(UpdateKind::kEncoder, 300, kClasses, 2e-3, rows(0, 180)));
  const double accuracy =
      measured(trainer, plan_of(UpdateKind::kEncoder, 10, kClasses, 0, rows(180, 60)), /*metric=*/1);
  std::printf("accuracy %.2f\n", accuracy);
  return accuracy;
}

// Chance is 1 / 6. Measured: 1.00 and 0.18.
TEST(Learns, AnEncoderWhichWordNamesAnImage) { EXPECT_GT(encoder_accuracy(true), 0.8); }
TEST(Learns, AnEncoderNothingFromCaptionsThatTellNothing) { EXPECT_LT(encoder_accuracy(false), 0.5); }

constexpr int64_t kImages = 48, kSide = 40;

/// Image n is red, green or blue by n mod 3; the last quarter is held out.
double feature_accuracy(bool labels_tell) {
  const OneThread one_thread;
  const torch::Tensor number = torch::arange(kImages);
  const torch::Tensor color = number.remainder(3).view({-1, 1, 1, 1});
  const torch::Tensor channel = torch::arange(3).view({1, 1, 1, 3});
  const torch::Tensor noise = draws(6, {kImages, kSide, kSide, 3}, 80);
  const torch::Tensor images = noise + torch::where(color.eq(channel), 150, 60);
  const torch::Tensor labels = labels_tell ? number.remainder(3) : draws(7, {kImages}, 3).to(torch::kInt64);
  const TwoTensors data(images.to(torch::kUInt8), labels.to(torch::kInt32).unsqueeze(1));
  FeatureTrainerOptions options;
  options.network = {"googlenet-small", 32, {3}, "float32", test_device(), "ieee", true};
  options.seed = 6;
  options.images = data.first("U8");
  options.labels = data.second("I32");
  options.head_weights = {1.0};
  options.crop_side = 36;
  options.optimizer = {"adam", 0.9, 0.999, 1e-8};
  FeatureTrainer trainer(options);
  const auto rows = [](int32_t first, int32_t count) {
    return [=](std::map<std::string, std::vector<int32_t>>& columns, int32_t row) {
      columns["image"].push_back(first + (row * 7) % count);
      columns["cropX"].push_back(row % 5);
      columns["cropY"].push_back(row % 3);
      columns["flip"].push_back(row % 2);
    };
  };
  run_all(trainer, plan_of(UpdateKind::kFeatures, 30, 9, 1e-3, rows(0, 36)));
  const double accuracy =
      measured(trainer, plan_of(UpdateKind::kFeatures, 2, 12, 0, rows(36, 12)), /*metric=*/1);
  std::printf("accuracy %.2f\n", accuracy);
  return accuracy;
}

// Chance is 1 / 3.
TEST(Learns, AFeatureNetworkColors) { EXPECT_GT(feature_accuracy(true), 0.8); }
TEST(Learns, AFeatureNetworkNothingFromLabelsThatTellNothing) { EXPECT_LT(feature_accuracy(false), 0.7); }

}  // namespace
}  // namespace florigen::testing
