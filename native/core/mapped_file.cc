#include "core/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "core/error.h"
#include "core/numeric_options.h"

namespace florigen {
namespace {

class Mapping {
 public:
  explicit Mapping(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw Error(ErrorCode::kData, "cannot open '" + path + "': " + std::strerror(errno));
    struct stat status{};
    const bool known = ::fstat(descriptor, &status) == 0;
    size_ = known ? static_cast<size_t>(status.st_size) : 0;
    data_ = size_ > 0 ? ::mmap(nullptr, size_, PROT_READ, MAP_SHARED, descriptor, 0) : MAP_FAILED;
    const int reason = errno;
    ::close(descriptor);
    if (data_ == MAP_FAILED) {
      throw Error(ErrorCode::kData,
                  "cannot map '" + path + "': " + (size_ == 0 ? "the file is empty" : std::strerror(reason)));
    }
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;
  ~Mapping() { ::munmap(data_, size_); }

  uint8_t* data() const { return static_cast<uint8_t*>(data_); }
  size_t size() const { return size_; }

 private:
  void* data_ = nullptr;
  size_t size_ = 0;
};

int64_t element_count(const TensorRef& ref) {
  int64_t count = 1;
  for (const int64_t extent : ref.shape) {
    if (extent < 0 || __builtin_mul_overflow(count, extent, &count)) {
      throw Error(ErrorCode::kData, "a tensor of '" + ref.path + "' has an impossible shape");
    }
  }
  return count;
}

}  // namespace

torch::Tensor map_tensor(const TensorRef& ref) {
  const torch::Dtype dtype = parse_dtype_name(ref.dtype);
  const auto item = static_cast<int64_t>(c10::elementSize(dtype));
  const auto mapping = std::make_shared<Mapping>(ref.path);
  int64_t end = 0;
  if (ref.offset < 0 || ref.bytes != element_count(ref) * item ||
      __builtin_add_overflow(ref.offset, ref.bytes, &end) || end > static_cast<int64_t>(mapping->size())) {
    throw Error(ErrorCode::kData,
                "a tensor of '" + ref.path + "' does not lie within the file: it ends at byte " +
                    std::to_string(ref.offset + ref.bytes) + " of " + std::to_string(mapping->size()));
  }
  uint8_t* bytes = mapping->data() + ref.offset;
  if (ref.offset % item != 0) {
    torch::Tensor copy = torch::empty(ref.shape, dtype);
    std::memcpy(copy.mutable_data_ptr(), bytes, static_cast<size_t>(ref.bytes));
    return copy;
  }
  return torch::from_blob(bytes, ref.shape, [mapping](void*) {}, torch::TensorOptions(dtype));
}

}  // namespace florigen
