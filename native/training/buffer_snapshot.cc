#include "training/buffer_snapshot.h"

namespace florigen {

BufferSnapshot::BufferSnapshot(const std::vector<torch::nn::Module*>& networks) {
  const torch::NoGradGuard no_grad;
  for (torch::nn::Module* network : networks) {
    for (const torch::Tensor& buffer : network->buffers()) {
      buffers_.push_back(buffer);
      saved_.push_back(buffer.clone());
    }
  }
}

BufferSnapshot::~BufferSnapshot() {
  if (accepted_) return;
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < buffers_.size(); ++i) buffers_[i].copy_(saved_[i]);
}

}  // namespace florigen
