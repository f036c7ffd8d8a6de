#include "support/fixture.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "support/json_reader.h"

namespace florigen::testing {
namespace {

std::string fixtures_folder() { return std::string(FLORIGEN_TEST_DATA) + "/parity/fixtures"; }

torch::Dtype dtype_of(const std::string& name) {
  if (name == "F32") return torch::kFloat32;
  if (name == "F64") return torch::kFloat64;
  if (name == "I32") return torch::kInt32;
  if (name == "I64") return torch::kInt64;
  if (name == "U8") return torch::kUInt8;
  throw std::runtime_error("dtype " + name + " is not used by the fixtures");
}

}  // namespace

Fixture::Fixture(const std::string& name)
    : name_(name), path_(fixtures_folder() + "/" + name + ".safetensors") {
  std::ifstream file(path_, std::ios::binary);
  uint64_t length = 0;
  if (!file.read(reinterpret_cast<char*>(&length), sizeof length))
    throw std::runtime_error("cannot read " + path_);
  std::string header(length, '\0');
  file.read(header.data(), static_cast<std::streamsize>(length));
  data_start_ = static_cast<int64_t>(sizeof length + length);
  parse_header(header);
}

void Fixture::parse_header(const std::string& header) {
  JsonReader json(header);
  json.object([&](const std::string& name) {
    if (name == "__metadata__") {
      json.object([&](const std::string& key) { metadata_[key] = json.string(); });
      return;
    }
    TensorRef ref{path_, 0, 0, "", {}};
    json.object([&](const std::string& key) {
      if (key == "dtype") ref.dtype = json.string();
      if (key == "shape") ref.shape = json.integers();
      if (key == "data_offsets") {
        const auto offsets = json.integers();
        ref.offset = data_start_ + offsets[0];
        ref.bytes = offsets[1] - offsets[0];
      }
    });
    tensors_[name] = ref;
    order_.push_back(name);
  });
}

TensorRef Fixture::ref(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) throw std::runtime_error(path_ + " has no tensor " + name);
  return found->second;
}

torch::Tensor Fixture::tensor(const std::string& name) const {
  const TensorRef where = ref(name);
  torch::Tensor result = torch::empty(where.shape, dtype_of(where.dtype));
  std::ifstream file(path_, std::ios::binary);
  file.seekg(where.offset);
  file.read(static_cast<char*>(result.mutable_data_ptr()), where.bytes);
  if (!file) throw std::runtime_error(path_ + " ends before " + name);
  return result;
}

std::vector<std::string> Fixture::names(const std::string& prefix) const {
  std::vector<std::string> found;
  for (const std::string& name : order_) {
    if (name.rfind(prefix, 0) == 0) found.push_back(name);
  }
  return found;
}

std::string Fixture::text(const std::string& key) const {
  const auto found = metadata_.find(key);
  if (found == metadata_.end()) throw std::runtime_error(path_ + " has no metadata " + key);
  return found->second;
}

std::vector<std::string> Fixture::lines(const std::string& key) const {
  std::vector<std::string> found;
  const std::string all = text(key);
  for (size_t start = 0; start <= all.size();) {
    const size_t end = std::min(all.find('\n', start), all.size());
    found.push_back(all.substr(start, end - start));
    start = end + 1;
  }
  return found;
}

std::vector<std::string> fixtures_named(const std::string& prefix) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(fixtures_folder())) {
    const std::string stem = entry.path().stem().string();
    if (stem.rfind(prefix, 0) == 0) names.push_back(stem);
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace florigen::testing
