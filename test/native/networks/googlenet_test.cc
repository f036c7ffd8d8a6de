#include "networks/googlenet/googlenet.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/error.h"
#include "core/named_tensor.h"
#include "networks/googlenet/torchvision_names.h"

namespace florigen::googlenet {
namespace {

FeatureNetworkOptions small(std::vector<int64_t> heads = {}) {
  return {"googlenet-small", 64, std::move(heads), {"float32", "cpu", "ieee", true}};
}

int64_t parameter_count(const torch::nn::Module& network) {
  int64_t total = 0;
  for (const torch::Tensor& parameter : network.parameters()) total += parameter.numel();
  return total;
}

std::string refusal_of(const FeatureNetworkOptions& options) {
  try {
    make_feature_network(options, 0);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::kUsage);
    return error.what();
  }
  return "accepted";
}

TEST(GoogLeNet, ParameterCountsAreThoseOfTheTables) {
  // torchvision's 6,624,904 less its classifier of 1,000 classes; docs/features-step.md, section 2.
  FeatureNetworkOptions options = small();
  EXPECT_EQ(parameter_count(*make_feature_network(options, 0)), 1412992);
  options.architecture = "googlenet";
  EXPECT_EQ(parameter_count(*make_feature_network(options, 0)), 6624904 - 1025000);
  options.heads = {1000, 3};
  EXPECT_EQ(parameter_count(*make_feature_network(options, 0)), 6624904 + 3 * 1025);
}

TEST(GoogLeNet, EverySeedAndTensorHasWeightsOfItsOwn) {
  const auto a = make_feature_network(small({4, 4}), 1);
  const auto b = make_feature_network(small({4, 4}), 1);
  const auto other = make_feature_network(small({4, 4}), 2);
  const std::vector<NamedTensor> first = named_tensors(*a, "");
  const std::vector<NamedTensor> again = named_tensors(*b, "");
  const std::vector<NamedTensor> others = named_tensors(*other, "");
  for (size_t i = 0; i < first.size(); ++i) {
    EXPECT_TRUE(torch::equal(first[i].tensor, again[i].tensor)) << first[i].name;
    if (first[i].name.find("weight") != std::string::npos) {
      EXPECT_FALSE(torch::equal(first[i].tensor, others[i].tensor)) << first[i].name;
    }
  }
  EXPECT_FALSE(torch::equal(find_tensor(first, "heads.0.weight"), find_tensor(first, "heads.1.weight")));
}

TEST(GoogLeNet, SizesThatAreNoneAreRefusedByName) {
  FeatureNetworkOptions options = small();
  options.input_size = 31;
  EXPECT_EQ(refusal_of(options), "`inputSize` must be from 32 to 1024, but is 31 instead");
  EXPECT_EQ(refusal_of(small({4, 0})), "`heads[1]` must be from 1 to 65536 classes, but is 0 instead");
  options = small();
  options.architecture = "googlenet-v3";
  EXPECT_EQ(refusal_of(options),
            "`architecture` must be 'googlenet' or 'googlenet-small', but is 'googlenet-v3' instead");
}

TEST(GoogLeNet, TheSmallestAndOddInputsGoThrough) {
  for (const char* architecture : {"googlenet", "googlenet-small"}) {
    FeatureNetworkOptions options = small({2});
    options.architecture = architecture;
    const auto network = make_feature_network(options, 0);
    network->eval();
    for (const int64_t side : {32, 45, 65}) {
      const torch::Tensor features = network->features(torch::zeros({1, 3, side, side}));
      EXPECT_EQ(features.sizes(), torch::IntArrayRef({1, kFeatureSize})) << architecture << " " << side;
    }
  }
}

TEST(TorchvisionNames, TheClassifierGoesToTheFirstHeadOfAsManyClasses) {
  const auto network = make_feature_network(small({3, 5, 5}), 0);
  const std::vector<NamedTensor> state = named_tensors(*network, "");
  const auto target = [&](const char* name, size_t bytes) -> std::string {
    const NamedTensor* found = find_classifier_target(state, name, bytes);
    return found == nullptr ? "nowhere" : found->name;
  };
  EXPECT_EQ(target("fc.weight", 5 * 1024 * 4), "heads.1.weight");
  EXPECT_EQ(target("fc.bias", 5 * 4), "heads.1.bias");
  EXPECT_EQ(target("fc.bias", 3 * 4), "heads.0.bias");
  EXPECT_EQ(target("fc.weight", 1000 * 1024 * 4), "nowhere");
  EXPECT_EQ(target("aux1.fc2.bias", 5 * 4), "nowhere");
  EXPECT_TRUE(is_torchvision_classifier("aux2.conv.bn.weight"));
  EXPECT_FALSE(is_torchvision_classifier("conv1.conv.weight"));
  EXPECT_FALSE(is_torchvision_classifier("fc.nose"));
}

}  // namespace
}  // namespace florigen::googlenet
