#include "objectives/augmentation.h"

#include <torch/csrc/autograd/custom_function.h>

#include "core/random_tensors.h"

namespace florigen {
namespace {

/// For each row the positions `0 .. side - 1` shifted by its shift: [n, side].
torch::Tensor shifted_positions(const torch::Tensor& shifts, int64_t axis, int64_t side) {
  return torch::arange(side, shifts.options()).unsqueeze(0) + shifts.select(1, axis).unsqueeze(1);
}

torch::Tensor inside(const torch::Tensor& positions, int64_t side) {
  return positions.ge(0).logical_and(positions.lt(side));
}

torch::Tensor gather_shifted(const torch::Tensor& images, const torch::Tensor& shifts) {
  const int64_t side = images.size(3);
  const torch::Tensor y = shifted_positions(shifts, 0, side);
  const torch::Tensor x = shifted_positions(shifts, 1, side);
  const torch::Tensor row = torch::arange(images.size(0), shifts.options()).view({-1, 1, 1});
  const torch::Tensor pixels =
      images.permute({0, 2, 3, 1})
          .index({row, y.clamp(0, side - 1).unsqueeze(2), x.clamp(0, side - 1).unsqueeze(1)});
  const torch::Tensor valid = inside(y, side).unsqueeze(2).logical_and(inside(x, side).unsqueeze(1));
  return pixels.mul(valid.unsqueeze(3)).permute({0, 3, 1, 2});
}

struct Translation : torch::autograd::Function<Translation> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& images,
                               const torch::Tensor& shifts) {
    context->save_for_backward({shifts});
    return gather_shifted(images, shifts);
  }
  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    return {translate(gradients[0], context->get_saved_variables()[0].neg()), torch::Tensor()};
  }
};

/// Integers below `bounds` from uniform numbers in (0, 1).
torch::Tensor below(const torch::Tensor& uniform, int64_t bound) {
  return uniform.mul(static_cast<double>(bound)).floor().to(torch::kInt64);
}

torch::Tensor random_translation(const torch::Tensor& images, double fraction, const torch::Tensor& numbers) {
  const auto largest = static_cast<int64_t>(fraction * static_cast<double>(images.size(3)));
  const torch::Tensor shifts = below(numbers.narrow(1, 0, 2), 2 * largest + 1).sub(largest);
  return translate(images, shifts.to(images.device()));
}

torch::Tensor random_cutout(const torch::Tensor& images, double fraction, const torch::Tensor& numbers) {
  const int64_t side = images.size(3);
  const auto hole = static_cast<int64_t>(fraction * static_cast<double>(side));
  const torch::Tensor start =
      below(numbers.narrow(1, 2, 2), side + 1 - hole % 2).sub(hole / 2).to(images.device());
  const torch::Tensor positions = torch::arange(side, start.options()).unsqueeze(0);
  const auto covered = [&](int64_t axis) {
    const torch::Tensor distance = positions - start.select(1, axis).unsqueeze(1);
    return inside(distance, hole);
  };
  const torch::Tensor kept = covered(0).unsqueeze(2).logical_and(covered(1).unsqueeze(1)).logical_not();
  return images * kept.unsqueeze(1);
}

}  // namespace

torch::Tensor translate(const torch::Tensor& images, const torch::Tensor& shifts) {
  return Translation::apply(images, shifts);
}

torch::Tensor augment(const torch::Tensor& images, const AugmentationOptions& options, const StreamId& id) {
  if (options.translation == 0 && options.cutout == 0) return images;
  const torch::Tensor numbers = uniform_rows({id, images.size(0), /*columns=*/4});
  torch::Tensor result = images;
  if (options.translation > 0) result = random_translation(result, options.translation, numbers);
  if (options.cutout > 0) result = random_cutout(result, options.cutout, numbers);
  return result;
}

}  // namespace florigen
