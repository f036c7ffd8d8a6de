#pragma once

#include <torch/nn/module.h>

#include <vector>

namespace florigen {

/// Keeps the buffers of networks as they were, and puts them back unless the update was accepted: a forward
/// pass moves running statistics before anybody knows whether its loss is finite.
class BufferSnapshot {
 public:
  explicit BufferSnapshot(const std::vector<torch::nn::Module*>& networks);
  BufferSnapshot(const BufferSnapshot&) = delete;
  BufferSnapshot& operator=(const BufferSnapshot&) = delete;
  ~BufferSnapshot();

  /// The buffers stay as they are now.
  void accept() { accepted_ = true; }

 private:
  bool accepted_ = false;
  std::vector<torch::Tensor> buffers_;
  std::vector<torch::Tensor> saved_;
};

}  // namespace florigen
