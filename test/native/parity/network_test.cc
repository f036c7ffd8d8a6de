// Forward, every gradient, running statistics, double backward and evaluation mode of each network against
// PyTorch.

#include <gtest/gtest.h>
#include <torch/autograd.h>

#include <map>

#include "core/named_tensor.h"
#include "core/numeric_options.h"
#include "networks/family.h"
#include "support/fixture.h"
#include "support/parity.h"

namespace florigen::testing {
namespace {

using Case = std::tuple<std::string, std::string>;  // family, dtype
using Results = std::map<std::string, torch::Tensor>;

std::string case_name(const ::testing::TestParamInfo<Case>& info) {
  return std::get<0>(info.param) + "_" + std::get<1>(info.param);
}

/// Autograd's inputs: leaves, and the parameters they flow into, by name.
struct Inputs {
  torch::Tensor value, text, cotangent;
};

class NetworkParity : public ::testing::TestWithParam<Case> {
 protected:
  NetworkParity() : options_(small_network(std::get<0>(GetParam()), std::get<1>(GetParam()))) {}

  Inputs load(const Fixture& fixture, torch::nn::Module& network, const std::string& kind) const {
    const torch::NoGradGuard no_grad;
    for (const NamedTensor& item : named_tensors(network, kind)) {
      if (item.tensor.requires_grad()) item.tensor.copy_(fixture.tensor("weights." + item.name));
    }
    network.train();
    const auto read = [&](const std::string& name) {
      return fixture.tensor(name).to(parse_device(options_.machine.device),
                                     parse_dtype(options_.machine.dtype));
    };
    return {read("input"), read("text"), read("cotangent")};
  }

  void compare(const Fixture& fixture, const Results& results) const {
    const std::vector<std::string> names = fixture.lines("names");
    // PyTorch's float64 values for both: its float32 ones carry the rounding of the processor that made them.
    const torch::Tensor digests = fixture.tensor("float64.digests");
    for (size_t i = 0; i < names.size(); ++i) {
      const auto found = results.find(names[i]);
      if (found == results.end()) {
        ADD_FAILURE() << names[i] << " is missing";
        continue;
      }
      EXPECT_TRUE(matches_digest(found->second, digests[static_cast<int64_t>(i)],
                                 tolerance_of(parse_dtype(options_.machine.dtype))))
          << names[i];
    }
    EXPECT_EQ(results.size(), names.size());
  }

  NetworkOptions options_;
};

std::vector<torch::Tensor> gradients_of(const torch::Tensor& scalar, const std::vector<torch::Tensor>& inputs,
                                        bool create_graph) {
  return torch::autograd::grad({scalar}, inputs, {}, /*retain_graph=*/true, create_graph,
                               /*allow_unused=*/true);
}

/// Adds "gradient.*", and the buffers under their own names.
void add_gradients(Results& results, const torch::Tensor& loss, const Inputs& inputs,
                   torch::nn::Module& network, const std::string& kind) {
  std::vector<std::string> names{"gradient.input", "gradient.text"};
  std::vector<torch::Tensor> leaves{inputs.value, inputs.text};
  for (const NamedTensor& item : named_tensors(network, kind)) {
    if (!item.tensor.requires_grad()) {
      results[item.name] = item.tensor.clone();
      continue;
    }
    names.push_back("gradient." + item.name);
    leaves.push_back(item.tensor);
  }
  const std::vector<torch::Tensor> gradients = gradients_of(loss, leaves, /*create_graph=*/false);
  for (size_t i = 0; i < names.size(); ++i) results[names[i]] = gradients[i];
}

TEST_P(NetworkParity, Generator) {
  const Fixture fixture("network-" + options_.family + "-generator");
  const auto generator = make_generator(options_, /*seed=*/0);
  Inputs inputs = load(fixture, *generator, "generator");
  inputs.value.requires_grad_();
  inputs.text.requires_grad_();
  Results results;
  results["output"] = generator->forward(inputs.value, inputs.text);
  add_gradients(results, (results["output"] * wave(inputs.cotangent)).sum(), inputs, *generator, "generator");
  generator->eval();
  results["evaluation.output"] = generator->forward(inputs.value, inputs.text);
  compare(fixture, results);
}

TEST_P(NetworkParity, Discriminator) {
  const Fixture fixture("network-" + options_.family + "-discriminator");
  const auto discriminator = make_discriminator(options_, /*seed=*/0);
  Inputs inputs = load(fixture, *discriminator, "discriminator");
  inputs.value = inputs.value.mul(2.0 / 255).sub(1).requires_grad_();
  inputs.text.requires_grad_();
  Results results;
  results["output"] = discriminator->head(discriminator->trunk(inputs.value), inputs.text);
  add_gradients(results, (results["output"] * inputs.cotangent).sum(), inputs, *discriminator,
                "discriminator");

  const torch::Tensor slope = gradients_of(results["output"].sum(), {inputs.value}, /*create_graph=*/true)[0];
  const torch::Tensor penalty = 0.01 * slope.square().sum();
  results["penalty"] = penalty;
  for (const NamedTensor& item : named_tensors(*discriminator, "discriminator")) {
    if (!item.tensor.requires_grad()) continue;
    const torch::Tensor second = gradients_of(penalty, {item.tensor}, /*create_graph=*/false)[0];
    if (second.defined()) results["penalty." + item.name] = second;
  }
  discriminator->eval();
  results["evaluation.output"] = discriminator->head(discriminator->trunk(inputs.value), inputs.text);
  compare(fixture, results);
}

INSTANTIATE_TEST_SUITE_P(Families, NetworkParity,
                         ::testing::Combine(::testing::Values("reed2016", "dcgan", "modulated"),
                                            ::testing::Values("float32", "float64")),
                         case_name);

}  // namespace
}  // namespace florigen::testing
