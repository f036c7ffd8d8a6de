#include "inference/feature_network_runtime.h"

#include <algorithm>

#include "core/error.h"
#include "core/numeric_options.h"
#include "data/views.h"
#include "networks/googlenet/torchvision_names.h"

namespace florigen {
namespace {

// Batches are filled up to this size: the bits of a row must not depend on how many are asked for.
constexpr int64_t kBatch = 32;
constexpr int64_t kNumbersOfView = 4;

void check_number(const char* what, int64_t value, int64_t largest, size_t row) {
  if (value >= 0 && value <= largest) return;
  throw_must_be(ErrorCode::kUsage, "views[" + std::to_string(row) + "]." + what,
                "from 0 to " + std::to_string(largest), std::to_string(value));
}

/// Rows `first .. first + kBatch - 1` as columns on `device`, the last row repeated where there are fewer.
ViewColumns columns_of(const torch::Tensor& views, int64_t first, torch::Device device) {
  const torch::Tensor row = torch::arange(first, first + kBatch).clamp_max(views.size(0) - 1);
  const torch::Tensor chosen = views.index_select(0, row).to(device, torch::kInt64);
  const auto column = [&](int64_t index) { return chosen.narrow(1, index, 1); };
  return {column(0), column(1), column(2), column(3)};
}

void copy_rows(const torch::Tensor& values, float* out) {
  const torch::Tensor packed = values.to(torch::kCPU, torch::kFloat32).contiguous();
  std::copy_n(packed.const_data_ptr<float>(), packed.numel(), out);
}

}  // namespace

void check_view_request(const ViewRequest& request) {
  const int64_t largest = request.side - request.crop_size;
  if (request.crop_size < 1 || largest < 0) {
    throw_must_be(ErrorCode::kUsage, "crop.cropSide", "from 1 to " + std::to_string(request.side),
                  std::to_string(request.crop_size));
  }
  for (size_t i = 0; i < request.views.size(); i += kNumbersOfView) {
    check_number("image", request.views[i], request.image_count - 1, i / kNumbersOfView);
    check_number("x", request.views[i + 1], largest, i / kNumbersOfView);
    check_number("y", request.views[i + 2], largest, i / kNumbersOfView);
    check_number("flip", request.views[i + 3], 1, i / kNumbersOfView);
  }
}

FeatureNetworkRuntime::FeatureNetworkRuntime(const FeatureNetworkOptions& options)
    : options_(options),
      mode_(parse_numeric_mode(options.machine)),
      network_(googlenet::make_feature_network(options, /*seed=*/0)),
      state_(named_tensors(*network_, "")) {
  network_->eval();
}

void FeatureNetworkRuntime::write_state(const std::string& name, const uint8_t* data, size_t bytes) {
  if (!googlenet::is_torchvision_classifier(name)) {
    return assign_bytes({name, find_tensor(state_, name)}, data, bytes);
  }
  const NamedTensor* target = googlenet::find_classifier_target(state_, name, bytes);
  if (target != nullptr) assign_bytes(*target, data, bytes);
}

ViewFeatures FeatureNetworkRuntime::extract(const ViewRequest& request) {
  check_view_request(request);
  const torch::NoGradGuard no_grad;
  const auto rows = static_cast<int64_t>(request.views.size()) / kNumbersOfView;
  int64_t classes = 0;
  for (const int64_t head : options_.heads) classes += head;
  ViewFeatures result{std::vector<float>(static_cast<size_t>(rows * googlenet::kFeatureSize)),
                      std::vector<float>(static_cast<size_t>(rows * classes))};
  const torch::Tensor images =
      torch::from_blob(const_cast<uint8_t*>(request.images),
                       {request.image_count, request.side, request.side, 3}, torch::kUInt8)
          .to(mode_.device);
  const torch::Tensor views =
      torch::from_blob(const_cast<int32_t*>(request.views.data()), {rows, kNumbersOfView}, torch::kInt32);
  for (int64_t first = 0; first < rows; first += kBatch) {
    const NumericModeScope mode(mode_);
    const int64_t count = std::min(kBatch, rows - first);
    const torch::Tensor bytes = crop_views(images, columns_of(views, first, mode_.device), request.crop_size);
    const torch::Tensor input =
        resize_images(scale_bytes(bytes, parse_dtype(options_.machine.dtype)), options_.input_size);
    const torch::Tensor features = network_->features(input);
    copy_rows(features.narrow(0, 0, count), result.features.data() + first * googlenet::kFeatureSize);
    if (classes == 0) continue;
    const torch::Tensor logits = at::cat(network_->logits(features), 1);
    copy_rows(logits.narrow(0, 0, count), result.logits.data() + first * classes);
  }
  return result;
}

}  // namespace florigen
