#include "binding/read_tensor_ref.h"

namespace florigen::binding {

TensorRef read_tensor_ref(OptionReader reader) {
  TensorRef ref;
  ref.path = reader.text("path");
  ref.offset = reader.count("offset");
  ref.bytes = reader.count("bytes");
  ref.dtype = reader.text("dtype");
  ref.shape = reader.counts("shape");
  reader.refuse_unknown_keys();
  return ref;
}

}  // namespace florigen::binding
