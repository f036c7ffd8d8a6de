#include "binding/option_reader.h"

#include <cmath>
#include <utility>

#include "binding/describe_value.h"
#include "binding/typed_arrays.h"
#include "core/error.h"

namespace florigen::binding {
namespace {

constexpr double kLargestInteger = 9007199254740991.0;  // Number.MAX_SAFE_INTEGER

bool is_integer_up_to(Napi::Value value, double largest) {
  if (!value.IsNumber()) return false;
  const double number = value.As<Napi::Number>().DoubleValue();
  return std::trunc(number) == number && number >= 0 && number <= largest;
}

bool is_plain_object(Napi::Value value) {
  return value.IsObject() && !value.IsArray() && !value.IsFunction() && !value.IsTypedArray() &&
         !value.IsExternal();
}

}  // namespace

OptionReader::OptionReader(Napi::Value value, const std::string& name, std::string prefix)
    : prefix_(std::move(prefix)) {
  if (!is_plain_object(value)) refuse_value(name, "an object", value);
  object_ = value.As<Napi::Object>();
}

Napi::Value OptionReader::field(const char* key) {
  read_.insert(key);
  return object_.Get(key);
}

double OptionReader::number(const char* key) {
  const auto value = field(key);
  if (!value.IsNumber()) refuse_value(path(key), "a number", value);
  const double number = value.As<Napi::Number>().DoubleValue();
  if (!std::isfinite(number)) refuse_value(path(key), "a finite number", value);
  return number;
}

int64_t OptionReader::count(const char* key) {
  const auto value = field(key);
  if (!is_integer_up_to(value, kLargestInteger)) refuse_value(path(key), "an integer of at least 0", value);
  return value.As<Napi::Number>().Int64Value();
}

uint32_t OptionReader::uint32(const char* key) {
  const auto value = field(key);
  if (!is_integer_up_to(value, 4294967295.0))
    refuse_value(path(key), "an integer from 0 to 4294967295", value);
  return value.As<Napi::Number>().Uint32Value();
}

bool OptionReader::boolean(const char* key) {
  const auto value = field(key);
  if (!value.IsBoolean()) refuse_value(path(key), "true or false", value);
  return value.As<Napi::Boolean>();
}

std::string OptionReader::text(const char* key) {
  const auto value = field(key);
  if (!value.IsString()) refuse_value(path(key), "a string", value);
  return value.As<Napi::String>();
}

std::vector<int64_t> OptionReader::counts(const char* key) {
  const auto value = field(key);
  if (!value.IsArray()) refuse_value(path(key), "an array of integers", value);
  const auto array = value.As<Napi::Array>();
  std::vector<int64_t> result;
  for (uint32_t index = 0; index < array.Length(); ++index) {
    const Napi::Value element = array.Get(index);
    if (!is_integer_up_to(element, kLargestInteger)) {
      refuse_value(path(key) + "[" + std::to_string(index) + "]", "an integer of at least 0", element);
    }
    result.push_back(element.As<Napi::Number>().Int64Value());
  }
  return result;
}

std::vector<double> OptionReader::numbers(const char* key) {
  const auto value = field(key);
  if (!value.IsArray()) refuse_value(path(key), "an array of numbers", value);
  const auto array = value.As<Napi::Array>();
  std::vector<double> result;
  for (uint32_t index = 0; index < array.Length(); ++index) {
    const Napi::Value element = array.Get(index);
    if (!element.IsNumber() || !std::isfinite(element.As<Napi::Number>().DoubleValue())) {
      refuse_value(path(key) + "[" + std::to_string(index) + "]", "a finite number", element);
    }
    result.push_back(element.As<Napi::Number>().DoubleValue());
  }
  return result;
}

std::vector<int32_t> OptionReader::int32_array(const char* key) {
  return copy_typed_array<int32_t>(field(key), path(key));
}

OptionReader OptionReader::object(const char* key) {
  return OptionReader(field(key), path(key), path(key) + ".");
}

std::vector<std::string> OptionReader::keys() const {
  const auto names = object_.GetPropertyNames();
  std::vector<std::string> result;
  for (uint32_t index = 0; index < names.Length(); ++index) {
    result.push_back(Napi::Value(names.Get(index)).ToString());
  }
  return result;
}

void OptionReader::refuse_unknown_keys() const {
  for (const auto& key : keys()) {
    if (!read_.contains(key)) throw Error(ErrorCode::kUsage, "`" + path(key) + "` is not an option");
  }
}

}  // namespace florigen::binding
