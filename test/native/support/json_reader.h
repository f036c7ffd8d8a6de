#pragma once

#include <cctype>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace florigen::testing {

/// Reads the subset of JSON that a safetensors header is made of: objects, strings, lists of integers.
class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : text_(text) {}

  /// Calls `member(key)` for each member; it must read the value.
  template <typename Member>
  void object(Member member) {
    expect('{');
    if (take('}')) return;
    do {
      const std::string key = string();
      expect(':');
      member(key);
    } while (take(','));
    expect('}');
  }

  std::string string() {
    expect('"');
    std::string result;
    while (text_.at(position_) != '"') {
      char c = text_.at(position_++);
      if (c == '\\') {
        c = text_.at(position_++);
        if (c == 'n') c = '\n';
        if (c == 'u') throw std::runtime_error("the fixtures use no \\u escapes");
      }
      result += c;
    }
    ++position_;
    return result;
  }

  std::vector<int64_t> integers() {
    std::vector<int64_t> result;
    expect('[');
    if (take(']')) return result;
    do {
      skip_space();
      size_t used = 0;
      result.push_back(std::stoll(text_.substr(position_, 24), &used));
      position_ += used;
    } while (take(','));
    expect(']');
    return result;
  }

 private:
  void skip_space() {
    while (position_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[position_])))
      ++position_;
  }
  bool take(char c) {
    skip_space();
    if (position_ >= text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!take(c)) throw std::runtime_error(std::string("expected ") + c + " in a safetensors header");
  }

  const std::string& text_;
  size_t position_ = 0;
};

}  // namespace florigen::testing
