#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "binding/napi_setup.h"

namespace florigen::binding {

/// Reads one object of options field by field. Every field is required, of one kind, and named by its path
/// when it is refused ("`objective.clsWeight` must be a number, but is undefined instead"). Defaults live in
/// TypeScript only.
class OptionReader {
 public:
  /// `name` is what a refusal of the whole object calls it; `prefix` stands before the names of its fields.
  OptionReader(Napi::Value value, const std::string& name, std::string prefix);

  double number(const char* key);  ///< finite
  int64_t count(const char* key);  ///< an integer from 0 to 2^53 - 1
  uint32_t uint32(const char* key);
  bool boolean(const char* key);
  std::string text(const char* key);
  std::vector<int64_t> counts(const char* key);
  std::vector<double> numbers(const char* key);  ///< each finite
  std::vector<int32_t> int32_array(const char* key);
  OptionReader object(const char* key);

  /// Any value, unread.
  Napi::Value field(const char* key);
  /// The path of a field.
  std::string path(const std::string& key) const { return prefix_ + key; }
  std::vector<std::string> keys() const;

  /// Throws when the object has a key that was not read. Call after the last field.
  void refuse_unknown_keys() const;

 private:
  Napi::Object object_;
  std::string prefix_;
  std::set<std::string> read_;
};

}  // namespace florigen::binding
