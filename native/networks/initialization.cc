#include "networks/initialization.h"

#include <cmath>

#include "core/random_tensors.h"
#include "networks/layers.h"

namespace florigen {
namespace {

constexpr double kDeviation = 0.02;

struct ParameterName {
  std::string name;
  uint32_t seed;
  StreamId stream() const { return {seed, Purpose::kInitialWeights, /*step=*/0, fnv1a(name), /*row=*/0}; }
};

void fill_normal(const torch::Tensor& parameter, const ParameterName& name, double mean) {
  const torch::Tensor values = normal_vector(name.stream(), parameter.numel());
  parameter.copy_(values.mul_(kDeviation).add_(mean).view(parameter.sizes()));
}

void fill_uniform(const torch::Tensor& parameter, const ParameterName& name, double bound) {
  const torch::Tensor values = uniform_vector(name.stream(), parameter.numel());
  parameter.copy_(values.mul_(2 * bound).sub_(bound).view(parameter.sizes()));
}

void initialize_layer(torch::nn::Module& layer, const std::string& name, uint32_t seed) {
  const ParameterName weight{name + ".weight", seed};
  const ParameterName bias{name + ".bias", seed};
  if (auto* convolution = layer.as<ConvolutionImpl>()) {
    fill_normal(convolution->weight, weight, 0);
  } else if (auto* upsampling = layer.as<UpsamplingImpl>()) {
    fill_normal(upsampling->weight, weight, 0);
  } else if (auto* image = layer.as<SeedImageImpl>()) {
    fill_normal(image->weight, weight, 0);
  } else if (auto* norm = layer.as<BatchNormImpl>()) {
    fill_normal(norm->weight, weight, 1);
    norm->bias.zero_();
  } else if (auto* linear = layer.as<LinearImpl>()) {
    const double bound = 1 / std::sqrt(static_cast<double>(linear->weight.size(1)));
    fill_uniform(linear->weight, weight, bound);
    fill_uniform(linear->bias, bias, bound);
  }
}

}  // namespace

void initialize_weights(torch::nn::Module& network, const std::string& prefix, uint32_t seed) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : network.named_modules(prefix)) initialize_layer(*item.value(), item.key(), seed);
}

void initialize_uniform(torch::nn::Module& network, double range, uint32_t seed) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : network.named_parameters()) {
    fill_uniform(item.value(), ParameterName{item.key(), seed}, range);
  }
}

}  // namespace florigen
