#pragma once

#include <c10/core/ScalarTypeToTypeMeta.h>

#include <string>

namespace mtl::host {

/// The settings of LibTorch that a plugin must leave as it found them.
struct LibtorchSettings {
  bool grad_mode;
  int threads;
  caffe2::TypeMeta default_type;

  static LibtorchSettings now();
  /// "" or which of them is another one now.
  std::string changed() const;
  void restore() const;
};

}  // namespace mtl::host
