#include "binding/view_request.h"

#include <string>

#include "binding/option_reader.h"
#include "binding/typed_arrays.h"
#include "core/error.h"

namespace florigen::binding {
namespace {

constexpr int64_t kLargestSide = 1 << 14;  // so that no product of sizes overflows
constexpr int64_t kChannels = 3;
constexpr int64_t kNumbersOfView = 4;

struct Crop {
  int64_t side;
  int64_t crop_side;
};

Crop read_crop(Napi::Value value) {
  OptionReader reader(value, "crop", "crop.");
  const Crop crop{reader.count("side"), reader.count("cropSide")};
  reader.refuse_unknown_keys();
  if (crop.side < 1 || crop.side > kLargestSide) {
    throw_must_be(ErrorCode::kUsage, "crop.side", "from 1 to 16384", std::to_string(crop.side));
  }
  return crop;
}

}  // namespace

OwnedViewRequest read_view_request(Napi::Value images, Napi::Value views, Napi::Value crop) {
  OwnedViewRequest owned;
  owned.images = copy_typed_array<uint8_t>(images, "images");
  owned.request.views = copy_typed_array<int32_t>(views, "views");
  const auto [side, crop_side] = read_crop(crop);
  const int64_t image_bytes = side * side * kChannels;
  const auto bytes = static_cast<int64_t>(owned.images.size());
  if (bytes == 0 || bytes % image_bytes != 0) {
    throw_must_be(ErrorCode::kUsage, "images",
                  "whole pictures of " + std::to_string(side) + "x" + std::to_string(side) + "x3 bytes",
                  std::to_string(bytes) + " bytes");
  }
  if (owned.request.views.size() % kNumbersOfView != 0) {
    throw_must_be(ErrorCode::kUsage, "views", "4 numbers a view", std::to_string(owned.request.views.size()));
  }
  owned.request.images = nullptr;
  owned.request.image_count = bytes / image_bytes;
  owned.request.side = side;
  owned.request.crop_size = crop_side;
  check_view_request(owned.request);
  return owned;
}

Napi::Value to_js_view_features(Napi::Env env, const ViewFeatures& found) {
  auto result = Napi::Object::New(env);
  result.Set("features", to_float32_array(env, found.features));
  result.Set("logits", to_float32_array(env, found.logits));
  return result;
}

}  // namespace florigen::binding
