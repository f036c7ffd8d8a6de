#include "networks/drawing.h"

#include <cstring>

#include "core/numeric_options.h"
#include "core/random_tensors.h"

namespace florigen {
namespace {

constexpr int64_t kBatch = 8;

/// [-1, 1] NCHW to bytes NHWC.
torch::Tensor to_bytes(const torch::Tensor& images) {
  return images.add(1)
      .mul(127.5)
      .round()
      .clamp(0, 255)
      .to(torch::kUInt8)
      .permute({0, 2, 3, 1})
      .to(torch::kCPU)
      .contiguous();
}

/// Puts a network into evaluation mode and back, also when drawing throws.
class EvaluationMode {
 public:
  explicit EvaluationMode(Generator& generator) : generator_(generator), training_(generator.is_training()) {
    generator_.eval();
  }
  EvaluationMode(const EvaluationMode&) = delete;
  EvaluationMode& operator=(const EvaluationMode&) = delete;
  ~EvaluationMode() { generator_.train(training_); }

 private:
  Generator& generator_;
  bool training_;
};

}  // namespace

std::vector<uint8_t> draw_rgb(Generator& generator, const NetworkOptions& options,
                              const DrawRequest& request) {
  const torch::NoGradGuard no_grad;
  const EvaluationMode evaluation(generator);
  const auto target =
      torch::TensorOptions(parse_dtype(options.machine.dtype)).device(parse_device(options.machine.device));
  const auto count = static_cast<int64_t>(request.seeds.size());
  const int64_t image_bytes = kImageSize * kImageSize * 3;
  std::vector<uint8_t> bytes(static_cast<size_t>(count * image_bytes));
  const torch::Tensor noise = sample_noise(request.seeds, options.noise_size);
  for (int64_t first = 0; first < count; first += kBatch) {
    const int64_t rows = std::min(kBatch, count - first);
    torch::Tensor sentences = torch::zeros({kBatch, options.text_size}, torch::kFloat32);
    std::memcpy(sentences.data_ptr<float>(), request.sentences + first * options.text_size,
                static_cast<size_t>(rows * options.text_size) * sizeof(float));
    torch::Tensor padded = torch::zeros({kBatch, options.noise_size}, torch::kFloat64);
    padded.narrow(0, 0, rows).copy_(noise.narrow(0, first, rows));
    const torch::Tensor images = to_bytes(generator.forward(padded.to(target), sentences.to(target)));
    std::memcpy(bytes.data() + first * image_bytes, images.const_data_ptr(),
                static_cast<size_t>(rows * image_bytes));
  }
  return bytes;
}

}  // namespace florigen
