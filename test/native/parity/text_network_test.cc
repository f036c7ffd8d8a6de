// Text networks and their objective against the PyTorch oracle: embeddings, gradients, loss, accuracy.

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <algorithm>
#include <sstream>

#include "core/numeric_options.h"
#include "inference/text_network_runtime.h"
#include "objectives/joint_embedding.h"
#include "support/fixture.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

struct NetworkCase {
  std::string fixture;
  std::string dtype;
};

std::vector<NetworkCase> network_cases() {
  std::vector<NetworkCase> cases;
  for (const std::string& name : fixtures_named("text-network-")) {
    cases.push_back({name, "float32"});
    cases.push_back({name, "float64"});
  }
  return cases;
}

TextNetworkOptions options_of(const Fixture& fixture, const std::string& dtype) {
  const auto count = [&](const char* key) { return static_cast<int64_t>(fixture.number(key)); };
  return {fixture.text("architecture"),
          count("vocabularySize"),
          count("length"),
          count("convolutionSize"),
          count("embeddingSize"),
          /*dropout=*/0,
          {dtype, test_device(), /*precision=*/"ieee", /*deterministic=*/true}};
}

class TextNetworkParity : public ::testing::TestWithParam<NetworkCase> {
 protected:
  Fixture fixture_{GetParam().fixture};
  torch::Dtype dtype_ = parse_dtype(GetParam().dtype);
  TextNetworkOptions options_ = options_of(fixture_, GetParam().dtype);
  std::shared_ptr<text::TextNetwork> network_ = text::make_text_network(
      options_, fixture_.number("initialRange"), static_cast<uint32_t>(fixture_.number("seed")));
};

TEST_P(TextNetworkParity, EmbeddingsAndGradients) {
  const torch::Device device = parse_device(test_device());
  const torch::Tensor tokens = fixture_.tensor("tokens").to(device, torch::kInt64);
  std::map<std::string, torch::Tensor> results;
  results["embedding"] = network_->embeddings(network_->states(tokens));
  std::vector<std::string> parameters;
  std::vector<torch::Tensor> leaves;
  for (const auto& item : network_->named_parameters()) {
    parameters.push_back("gradient." + item.key());
    leaves.push_back(item.value());
  }
  const torch::Tensor loss = (results["embedding"] * fixture_.tensor("weighting").to(device, dtype_)).sum();
  const std::vector<torch::Tensor> gradients = torch::autograd::grad({loss}, leaves);
  for (size_t i = 0; i < parameters.size(); ++i) results[parameters[i]] = gradients[i];

  const std::vector<std::string> names = fixture_.lines("names");
  const torch::Tensor digests = fixture_.tensor("float64.digests");
  EXPECT_EQ(results.size(), names.size());
  for (size_t i = 0; i < names.size(); ++i) {
    ASSERT_EQ(results.count(names[i]), 1u) << names[i];
    EXPECT_TRUE(matches_digest(results[names[i]], digests[static_cast<int64_t>(i)], tolerance_of(dtype_)))
        << names[i];
  }
}

TEST_P(TextNetworkParity, TheRuntimeEncodesTheSame) {
  TextNetworkRuntime runtime(options_);
  for (const NamedTensor& item : named_tensors(*network_, "")) {
    const std::vector<uint8_t> bytes = tensor_bytes(item.tensor);
    runtime.write_state(item.name, bytes.data(), bytes.size());
  }
  const torch::Tensor tokens = fixture_.tensor("tokens").contiguous();
  const int32_t* first = tokens.const_data_ptr<int32_t>();
  const std::vector<float> all = runtime.encode({first, first + tokens.numel()});
  EXPECT_TRUE(matches(torch::tensor(all).view({tokens.size(0), options_.embedding_size}),
                      fixture_.tensor("embeddings"), tolerance_of(torch::kFloat32)));
  // A row alone has the bits that it has beside others.
  for (int64_t row = 0; row < tokens.size(0); ++row) {
    const int32_t* begin = first + row * options_.length;
    const std::vector<float> alone = runtime.encode({begin, begin + options_.length});
    EXPECT_TRUE(std::equal(alone.begin(), alone.end(), all.begin() + row * options_.embedding_size)) << row;
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, TextNetworkParity, ::testing::ValuesIn(network_cases()),
                         [](const auto& info) {
                           std::string name = info.param.fixture + "_" + info.param.dtype;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

TEST(JointEmbeddingParity, LossAccuracyAndGradients) {
  const Fixture fixture("joint-embedding");
  const torch::Device device = parse_device(test_device());
  const Tolerance tolerance = tolerance_of(torch::kFloat64);
  for (const std::string& line : fixture.lines("cases")) {
    std::istringstream words(line);
    std::string name, kind;
    int64_t rows = 0;
    double margin = 0;
    words >> name >> rows >> margin >> kind;
    const auto input = [&](const char* what) {
      return fixture.tensor(name + "." + what).to(device).detach().requires_grad_();
    };
    const torch::Tensor images = input("images");
    const torch::Tensor texts = input("texts");
    const JointEmbedding found = joint_embedding(images, texts, {kind == "symmetric", margin});
    const std::vector<torch::Tensor> gradients = torch::autograd::grad({found.loss}, {images, texts});
    EXPECT_TRUE(matches(found.loss, fixture.tensor(name + ".loss").squeeze(), tolerance)) << line;
    EXPECT_TRUE(matches(found.accuracy, fixture.tensor(name + ".accuracy").squeeze(), tolerance)) << line;
    EXPECT_TRUE(matches(gradients[0], fixture.tensor(name + ".gradient.images"), tolerance)) << line;
    EXPECT_TRUE(matches(gradients[1], fixture.tensor(name + ".gradient.texts"), tolerance)) << line;
  }
}

}  // namespace
}  // namespace florigen::testing
