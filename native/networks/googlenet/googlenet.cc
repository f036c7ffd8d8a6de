#include "networks/googlenet/googlenet.h"

#include <string>

#include "core/error.h"
#include "core/numeric_options.h"
#include "networks/initialization.h"
#include "networks/placement.h"

namespace florigen::googlenet {
namespace {

// At 32 pixels the last block of the whole network sees one pixel.
constexpr int64_t kSmallestInput = 32;
constexpr int64_t kLargestInput = 1024;
constexpr int64_t kMostClasses = 1 << 16;

void check_sizes(const FeatureNetworkOptions& options) {
  if (options.input_size < kSmallestInput || options.input_size > kLargestInput) {
    throw_must_be(ErrorCode::kUsage, "inputSize", "from 32 to 1024", std::to_string(options.input_size));
  }
  for (size_t head = 0; head < options.heads.size(); ++head) {
    if (options.heads[head] < 1 || options.heads[head] > kMostClasses) {
      throw_must_be(ErrorCode::kUsage, "heads[" + std::to_string(head) + "]", "from 1 to 65536 classes",
                    std::to_string(options.heads[head]));
    }
  }
}

torch::Tensor through(std::vector<Inception>& stage, torch::Tensor images) {
  for (Inception& block : stage) images = block(images);
  return images;
}

/// `heads.0`, `heads.1`, ...: a module of modules, for their names alone.
std::vector<Linear> make_heads(torch::nn::Module& network, const std::vector<int64_t>& classes) {
  std::vector<Linear> heads;
  if (classes.empty()) return heads;
  const auto list = network.register_module("heads", std::make_shared<torch::nn::Module>());
  for (const int64_t count : classes) {
    heads.push_back(list->register_module(std::to_string(heads.size()), Linear(kFeatureSize, count)));
  }
  return heads;
}

}  // namespace

GoogLeNet::GoogLeNet(const Architecture& a, const std::vector<int64_t>& heads)
    : second_pool_(a.stem.second_pool),
      conv1_(register_module("conv1", ConvBlock(ConvolutionImpl::Shape{3, a.stem.width, a.stem.kernel, 2,
                                                                       (a.stem.kernel - 1) / 2}))),
      conv2_(
          register_module("conv2", ConvBlock(ConvolutionImpl::Shape{a.stem.width, a.stem.width, 1, 1, 0}))),
      conv3_(
          register_module("conv3", ConvBlock(ConvolutionImpl::Shape{a.stem.width, a.stem.output, 3, 1, 1}))) {
  int64_t width = a.stem.output;
  stage3_ = make_stage(a.stage3, width);
  stage4_ = make_stage(a.stage4, width);
  stage5_ = make_stage(a.stage5, width);
  TORCH_INTERNAL_ASSERT(width == kFeatureSize, a.name, " ends in ", width, " channels");
  heads_ = make_heads(*this, heads);
}

std::vector<Inception> GoogLeNet::make_stage(const std::vector<InceptionRow>& rows, int64_t& width) {
  std::vector<Inception> stage;
  for (const InceptionRow& row : rows) {
    stage.push_back(register_module(row.name, Inception(width, row.shape)));
    width = row.shape.output();
  }
  map_widths_.push_back(width);
  return stage;
}

std::vector<torch::Tensor> GoogLeNet::maps(const torch::Tensor& images) {
  torch::Tensor x = max_pool(conv1_(images), 3, 2, 0);
  x = conv3_(conv2_(x));
  if (second_pool_) x = max_pool(x, 3, 2, 0);
  const torch::Tensor fine = through(stage3_, x);
  const torch::Tensor middle = through(stage4_, max_pool(fine, 3, 2, 0));
  return {fine, middle, through(stage5_, max_pool(middle, 2, 2, 0))};
}

torch::Tensor GoogLeNet::features_of(const std::vector<torch::Tensor>& maps) const {
  // In the dtype of the weights: with bf16 convolutions the mean itself is not rounded.
  return maps.back().mean({2, 3}, /*keepdim=*/false, conv1_->parameters()[0].scalar_type());
}

std::vector<torch::Tensor> GoogLeNet::logits(const torch::Tensor& features) {
  std::vector<torch::Tensor> result;
  result.reserve(heads_.size());
  for (Linear& head : heads_) result.push_back(head(features).to(features.scalar_type()));
  return result;
}

std::shared_ptr<GoogLeNet> make_feature_network(const FeatureNetworkOptions& options, uint32_t seed) {
  check_sizes(options);
  auto network = std::make_shared<GoogLeNet>(find_architecture(options.architecture), options.heads);
  place(*network, parse_device(options.machine.device), parse_dtype(options.machine.dtype));
  initialize_weights(*network, /*prefix=*/"", seed);
  return network;
}

}  // namespace florigen::googlenet
