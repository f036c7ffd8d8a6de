#pragma once

#include <memory>

#include "networks/layers.h"
#include "networks/text/architectures.h"

namespace florigen::text {

/// Steps over columns with shared weights; the state is the mean of the hidden vectors. Neither the hidden
/// weights nor their bias act at the first step, so that no stock recurrent layer computes the same
/// (docs/encoder-step.md, section 2).
class RecurrentLayer : public torch::nn::Module {
 public:
  /// [n, steps, width] to [n, width].
  virtual torch::Tensor mean_state(const torch::Tensor& columns) = 0;
};

/// h = relu(W x + U h), tensors `i2h.*` and `h2h.*`.
class RectifiedLayer : public RecurrentLayer {
 public:
  explicit RectifiedLayer(int64_t width);
  torch::Tensor mean_state(const torch::Tensor& columns) override;

 private:
  Linear input_, hidden_;
};

/// The authors' gated recurrence; also tensors `i2h_update.*`, `h2h_update.*`, `i2h_reset.*`, `h2h_reset.*`.
class GatedLayer : public RecurrentLayer {
 public:
  explicit GatedLayer(int64_t width);
  torch::Tensor mean_state(const torch::Tensor& columns) override;

 private:
  Linear input_, hidden_;
  Linear input_update_, hidden_update_;
  Linear input_reset_, hidden_reset_;
};

std::shared_ptr<RecurrentLayer> make_recurrent_layer(Recurrence kind, int64_t width);

}  // namespace florigen::text
