#include "objectives/objective_options.h"

#include "core/error.h"

namespace florigen {

Pairing parse_pairing(const std::string& name) {
  if (name == "authors") return Pairing::kAuthors;
  if (name == "paper") return Pairing::kPaper;
  throw_must_be(ErrorCode::kUsage, "pairing", "'authors' or 'paper'", "'" + name + "'");
}

InterpolationBeta parse_beta(const std::string& name) {
  if (name == "half") return InterpolationBeta::kHalf;
  if (name == "uniform") return InterpolationBeta::kUniform;
  if (name == "extrapolate") return InterpolationBeta::kExtrapolate;
  throw_must_be(ErrorCode::kUsage, "interpolationBeta", "'half', 'uniform' or 'extrapolate'",
                "'" + name + "'");
}

}  // namespace florigen
