#include "networks/placement.h"

namespace florigen {

void place(torch::nn::Module& network, torch::Device device, torch::Dtype dtype) {
  // Module::to would turn the counters of batch norm into floating numbers. A 1x1 weight has the same bytes
  // in either memory format and keeps its plain strides.
  const torch::NoGradGuard no_grad;
  for (torch::Tensor& parameter : network.parameters()) {
    const torch::Tensor placed = parameter.to(device, dtype);
    parameter.set_data(placed.dim() == 4 ? placed.contiguous(at::MemoryFormat::ChannelsLast) : placed);
  }
  for (torch::Tensor& buffer : network.buffers()) {
    buffer.set_data(buffer.to(device, buffer.is_floating_point() ? dtype : buffer.scalar_type()));
  }
}

}  // namespace florigen
