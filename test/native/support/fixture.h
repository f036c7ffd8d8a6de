#pragma once

#include <torch/types.h>

#include <map>
#include <string>
#include <vector>

#include "core/tensor_ref.h"

namespace florigen::testing {

/// A safetensors file of test/parity/fixtures, read whole. Enough of the format for the files of
/// test/parity/make_fixtures.py; the product's reader is ts/formats/safetensors.ts.
class Fixture {
 public:
  explicit Fixture(const std::string& name);

  const std::string& name() const { return name_; }
  bool has(const std::string& name) const { return tensors_.count(name) > 0; }
  /// A copy of the tensor; throws by name where there is none.
  torch::Tensor tensor(const std::string& name) const;
  /// Where its bytes lie, for code that maps files.
  TensorRef ref(const std::string& name) const;
  /// Names that start with `prefix`, in the order of the file's header.
  std::vector<std::string> names(const std::string& prefix = "") const;

  std::string text(const std::string& key) const;
  double number(const std::string& key) const { return std::stod(text(key)); }
  /// The lines of a metadata entry.
  std::vector<std::string> lines(const std::string& key) const;

 private:
  void parse_header(const std::string& header);

  std::string name_;
  std::string path_;
  int64_t data_start_ = 0;
  std::map<std::string, TensorRef> tensors_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> metadata_;
};

/// The names of the fixtures that start with `prefix`, sorted.
std::vector<std::string> fixtures_named(const std::string& prefix);

}  // namespace florigen::testing
