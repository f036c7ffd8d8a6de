#pragma once

#include <memory>
#include <string>
#include <vector>

#include "core/named_tensor.h"
#include "core/precision.h"
#include "networks/googlenet/googlenet.h"

namespace florigen {

/// Views to look at: rows of `images` [n, side, side, 3] cropped to `crop_size` pixels.
struct ViewRequest {
  const uint8_t* images;
  int64_t image_count;
  int64_t side;
  int64_t crop_size;
  std::vector<int32_t> views;  ///< [rows, 4]: image, x, y, flip
};

/// Row-major.
struct ViewFeatures {
  std::vector<float> features;  ///< [rows, 1024]
  std::vector<float> logits;    ///< [rows, classes of all heads, in their order]
};

/// Throws kUsage where a view lies outside the images.
void check_view_request(const ViewRequest& request);

/// A feature network in evaluation mode, whose weights are written tensor by tensor. Used by one thread at a
/// time.
class FeatureNetworkRuntime {
 public:
  explicit FeatureNetworkRuntime(const FeatureNetworkOptions& options);

  std::vector<TensorInfo> manifest() const { return manifest_of(state_); }
  /// Also takes what a torchvision state dict has beyond the manifest: `fc.*` goes to the first head of as
  /// many classes, and nowhere where there is none; `aux1.*` and `aux2.*` go nowhere.
  void write_state(const std::string& name, const uint8_t* data, size_t bytes);
  /// What the network says about each view; a row does not depend on its neighbors.
  ViewFeatures extract(const ViewRequest& request);

 private:
  FeatureNetworkOptions options_;
  NumericMode mode_;
  std::shared_ptr<googlenet::GoogLeNet> network_;
  std::vector<NamedTensor> state_;
};

}  // namespace florigen
