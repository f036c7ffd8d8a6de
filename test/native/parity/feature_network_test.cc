// The feature network against torchvision and against PyTorch: views, features, loss, gradients, running
// statistics.

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <cstdio>
#include <map>
#include <sstream>

#include "core/numeric_options.h"
#include "data/views.h"
#include "inference/feature_network_runtime.h"
#include "networks/googlenet/googlenet.h"
#include "objectives/classification.h"
#include "support/feature_weights.h"
#include "support/fixture.h"
#include "support/number_lists.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

ViewColumns columns_of(const torch::Tensor& views) {
  const torch::Tensor wide = views.to(torch::kInt64).to(parse_device(test_device()));
  return {wide.narrow(1, 0, 1), wide.narrow(1, 1, 1), wide.narrow(1, 2, 1), wide.narrow(1, 3, 1)};
}

torch::Tensor stored_images() { return Fixture("data").tensor("images").to(parse_device(test_device())); }

FeatureNetworkOptions options_of(const std::string& architecture, const std::string& dtype) {
  return {architecture, 64, {}, {dtype, test_device(), "ieee", true}};
}

TEST(ViewParity, CroppedMirroredScaledAndResized) {
  const Fixture fixture("features-views");
  const std::vector<std::string> names = fixture.lines("names");
  const torch::Tensor bytes = crop_views(stored_images(), columns_of(fixture.tensor("views")),
                                         static_cast<int64_t>(fixture.number("cropSide")));
  for (size_t i = 0; i < names.size(); ++i) {
    std::istringstream name(names[i]);
    int64_t size = 0;
    std::string dtype;
    name >> size >> dtype;
    const torch::Tensor images = resize_images(scale_bytes(bytes, parse_dtype(dtype)), size);
    EXPECT_TRUE(matches_digest(images, fixture.tensor("digests")[static_cast<int64_t>(i)],
                               tolerance_of(parse_dtype(dtype))))
        << names[i];
  }
}

/// One line of the `state` of a fixture: name, then shape.
struct StateLine {
  std::string name;
  std::vector<int64_t> shape;
};

StateLine parse_state_line(const std::string& line) {
  const size_t space = line.find(' ');
  if (space == std::string::npos) return {line, {}};
  return {line.substr(0, space), numbers_of<int64_t>(line.substr(space))};
}

/// The largest difference, as a share of the value and of `floor` times the largest value together.
double relative_error(const torch::Tensor& actual, const torch::Tensor& expected, double floor) {
  return ((actual - expected).abs() / (expected.abs() + floor * expected.abs().max())).max().item<double>();
}

void write_torchvision_state(FeatureNetworkRuntime& runtime, const Fixture& fixture,
                             const std::string& dtype) {
  for (const std::string& line : fixture.lines("state")) {
    const StateLine tensor = parse_state_line(line);
    const bool counter = tensor.name.find("num_batches_tracked") != std::string::npos;
    const std::vector<uint8_t> bytes =
        feature_weight_bytes(tensor.name, tensor.shape, counter ? "I64" : dtype);
    runtime.write_state(tensor.name, bytes.data(), bytes.size());
  }
}

class TorchvisionParity : public ::testing::TestWithParam<std::string> {};

TEST_P(TorchvisionParity, ItsStateDictGivesItsFeatures) {
  const Fixture fixture("features-torchvision");
  const bool wide = GetParam() == "float64";
  FeatureNetworkOptions options = options_of("googlenet", GetParam());
  options.input_size = 224;
  options.heads = {10, 1000};  // the first is no place for `fc`, whose 1,000 classes fit the second
  FeatureNetworkRuntime runtime(options);
  write_torchvision_state(runtime, fixture, wide ? "F64" : "F32");
  const torch::Tensor images = Fixture("data").tensor("images").contiguous();
  const torch::Tensor views = fixture.tensor("views").contiguous();
  const int32_t* first = views.const_data_ptr<int32_t>();
  const ViewFeatures found = runtime.extract({images.const_data_ptr<uint8_t>(),
                                              images.size(0),
                                              images.size(1),
                                              /*crop_size=*/64,
                                              {first, first + views.numel()}});
  const torch::Tensor features = torch::tensor(found.features).view({views.size(0), 1024});
  const torch::Tensor logits = torch::tensor(found.logits).view({views.size(0), 1010}).narrow(1, 10, 1000);
  const double of_features = relative_error(features, fixture.tensor("features"), 1e-3);
  const double of_logits = relative_error(logits, fixture.tensor("logits"), 0.1);
  std::printf("relative error of features %.1e, of logits %.1e\n", of_features, of_logits);
  // The issue asks for 1e-4 in float32; in float64 what is left is the rounding of the answer to float32.
  EXPECT_LT(of_features, wide ? 1e-6 : 1e-4);
  EXPECT_LT(of_logits, wide ? 1e-6 : 1e-4);
}

INSTANTIATE_TEST_SUITE_P(Dtypes, TorchvisionParity, ::testing::Values("float32", "float64"),
                         [](const auto& info) { return info.param; });

/// Rounding through 27 convolutions, each with a batch norm over few rows: measured up to 1.8 times the bound
/// of float32 that holds for the shallow networks. float64 has the common bound.
Tolerance deep_tolerance_of(torch::Dtype dtype) {
  const Tolerance common = tolerance_of(dtype);
  if (dtype == torch::kFloat64) return common;
  return {5 * common.relative, 5 * common.absolute};
}

class FeatureNetworkParity : public ::testing::TestWithParam<std::string> {
 protected:
  FeatureNetworkParity()
      : dtype_(parse_dtype(GetParam())), options_(options_of("googlenet-small", GetParam())) {
    options_.heads = numbers_of<int64_t>(fixture_.text("heads"));
    network_ = googlenet::make_feature_network(options_, /*seed=*/0);
    const torch::NoGradGuard no_grad;
    for (const NamedTensor& item : named_tensors(*network_, "")) {
      item.tensor.copy_(feature_weight(item.name, item.tensor.sizes().vec()));
    }
  }

  torch::Tensor input() const {
    const torch::Tensor bytes = crop_views(stored_images(), columns_of(fixture_.tensor("views")), 40);
    return resize_images(scale_bytes(bytes, dtype_), 32);
  }

  /// Runs one training pass and one evaluation pass.
  void run() {
    const torch::Tensor images = input().detach().requires_grad_();
    results_["features"] = network_->features(images);
    const std::vector<torch::Tensor> logits = network_->logits(results_["features"]);
    const Classification answer = classify(logits, fixture_.tensor("labels").to(torch::kInt64),
                                           numbers_of<double>(fixture_.text("weights")));
    results_["loss"] = answer.loss;
    for (size_t head = 0; head < logits.size(); ++head) {
      const std::string suffix = "." + std::to_string(head);
      results_["logits" + suffix] = logits[head];
      results_["loss" + suffix] = answer.head_losses[head];
      if (answer.accuracies[head].defined()) results_["accuracy" + suffix] = answer.accuracies[head];
    }
    add_gradients(images, answer.loss);
    for (const auto& item : network_->named_buffers()) results_[item.key()] = item.value().clone();
    network_->eval();
    results_["evaluation.features"] = network_->features(images);
  }

  void add_gradients(const torch::Tensor& images, const torch::Tensor& loss) {
    std::vector<std::string> names{"gradient.input"};
    std::vector<torch::Tensor> leaves{images};
    for (const auto& item : network_->named_parameters()) {
      names.push_back("gradient." + item.key());
      leaves.push_back(item.value());
    }
    const std::vector<torch::Tensor> gradients = torch::autograd::grad({loss}, leaves);
    for (size_t i = 0; i < names.size(); ++i) results_[names[i]] = gradients[i];
  }

  Fixture fixture_{"features-training"};
  torch::Dtype dtype_;
  FeatureNetworkOptions options_;
  std::shared_ptr<googlenet::GoogLeNet> network_;
  std::map<std::string, torch::Tensor> results_;
};

TEST_P(FeatureNetworkParity, LossGradientsAndStatisticsOfTheSmallNetwork) {
  run();
  const std::vector<std::string> names = fixture_.lines("names");
  const torch::Tensor digests = fixture_.tensor(GetParam() + ".digests");
  for (size_t i = 0; i < names.size(); ++i) {
    const auto found = results_.find(names[i]);
    ASSERT_NE(found, results_.end()) << names[i] << " is missing";
    EXPECT_TRUE(matches_digest(found->second, digests[static_cast<int64_t>(i)], deep_tolerance_of(dtype_)))
        << names[i];
  }
  EXPECT_EQ(results_.size(), names.size());
}

INSTANTIATE_TEST_SUITE_P(Dtypes, FeatureNetworkParity, ::testing::Values("float32", "float64"),
                         [](const auto& info) { return info.param; });

}  // namespace
}  // namespace florigen::testing
