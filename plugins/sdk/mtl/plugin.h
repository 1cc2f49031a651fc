#pragma once

#include <torch/version.h>

#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "mtl/backbone.h"
#include "mtl/error.h"
#include "mtl/loss_weighting.h"
#include "mtl/options.h"
#include "mtl/plugin_note.h"
#include "mtl/task_head.h"

/// @file
/// What a plugin's one source file with MTL_PLUGIN in it includes. The macro writes both tiers of the contract: the
/// note that is read from the file, and the entry function that is called after loading.

namespace mtl {

/// What the author states; the rest of the note is filled in by the compiler.
struct PluginFacts {
  std::string_view name, version, licence, summary;
  std::string_view offers;  ///< "head:focal head:focal_hard"
};

/// What a library can offer.
enum class PluginKind { backbone, head, weighting };

/// One thing a library offers.
struct PluginItem {
  PluginKind kind;
  std::string name;
  std::string summary;  ///< one line
  std::vector<OptionSpec> options;
  /// `context` is const FeatureShape* for a head, const WeightingContext* for a weighting, null for a backbone.
  /// Returns the object as a pointer to Backbone, TaskHead or LossWeighting, or null with `error` set. Never throws.
  void* (*create)(const PluginItem& item, const Options& options, const void* context, std::string& error) noexcept;
  void (*destroy)(void* object) noexcept;  ///< takes what create() returned
};

/// What the entry function returns; lives as long as the library.
struct PluginApi {
  uint32_t size;  ///< sizeof(PluginApi)
  uint32_t sdk_abi;
  const PluginItem* items;
  size_t count;
};
/// The one function that a library exports; null where it cannot say what it offers.
using PluginEntry = const PluginApi* (*)() noexcept;
inline constexpr const char* entry_name = "mtl_plugin_entry_v1";

namespace plugin_detail {

template <size_t n>
constexpr void copy_text(char (&to)[n], std::string_view from) {
  // In a constant expression this throw is a compile error: a text that does not fit is never cut silently.
  if (from.size() >= n) throw "MTL_PLUGIN: a text is too long for the plugin note";
  for (size_t i = 0; i < from.size(); ++i) to[i] = from[i];
}

constexpr uint32_t machine() {
#if defined(__x86_64__)
  return 62;
#elif defined(__aarch64__)
  return 183;
#elif defined(__riscv)
  return 243;
#else
#error "name this machine's e_machine here"
#endif
}

constexpr uint32_t sanitizers() {
  uint32_t found = 0;
#if defined(__SANITIZE_ADDRESS__)
  found |= 1;
#endif
#if defined(__SANITIZE_THREAD__)
  found |= 2;
#endif
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
  found |= 1;
#endif
#if __has_feature(thread_sanitizer)
  found |= 2;
#endif
#endif
  return found;
}

#if defined(__clang__)
inline constexpr std::string_view compiler = "clang " __clang_version__;
#else
inline constexpr std::string_view compiler = "gcc " __VERSION__;
#endif

}  // namespace plugin_detail

/// The note of a library built from this header by this compiler with these settings.
constexpr PluginNote make_note(const PluginFacts& facts) {
  PluginNote note{};
  for (size_t i = 0; i < sizeof(plugin_magic); ++i) note.magic[i] = plugin_magic[i];
  note.size = sizeof(PluginNote);
  note.sdk_abi = sdk_abi;
  note.torch_major = TORCH_VERSION_MAJOR;
  note.torch_minor = TORCH_VERSION_MINOR;
#if defined(MTL_TORCH_CUDA)
  note.torch_cuda = 1;
#endif
  note.cxx11_abi = _GLIBCXX_USE_CXX11_ABI;
  note.cxx_standard = __cplusplus;
  note.machine = plugin_detail::machine();
  note.sanitizers = plugin_detail::sanitizers();
#if defined(_GLIBCXX_DEBUG)
  note.debug_stl = 1;
#endif
  plugin_detail::copy_text(note.compiler, plugin_detail::compiler.substr(0, sizeof(note.compiler) - 1));
  plugin_detail::copy_text(note.name, facts.name);
  plugin_detail::copy_text(note.version, facts.version);
  plugin_detail::copy_text(note.licence, facts.licence);
  plugin_detail::copy_text(note.summary, facts.summary);
  plugin_detail::copy_text(note.offers, facts.offers);
  return note;
}

/// The same as it lies in the file.
constexpr ElfPluginNote make_elf_note(const PluginFacts& facts) {
  return {sizeof(note_owner), sizeof(PluginNote), note_type, {'M', 'T', 'L', '\0'}, make_note(facts)};
}

namespace plugin_detail {

/// Runs `make` and hands back its object, or the text of what it threw.
template <class Make>
void* guarded(std::string& error, Make&& make) noexcept {
  try {
    return make();
  } catch (const std::exception& failure) {
    error = failure.what();
  } catch (...) {
    error = "an exception that is no std::exception";
  }
  if (error.empty()) error = "no reason given";
  return nullptr;
}

template <class Base>
void destroy(void* object) noexcept {
  delete static_cast<Base*>(object);
}

template <class Base, class Concrete, class Context>
void* create(const PluginItem& item, const Options& options, const void* context, std::string& error) noexcept {
  return guarded(error, [&]() -> void* {
    Base* object;
    if constexpr (std::is_same_v<Context, void>) {
      if constexpr (std::is_constructible_v<Concrete, const std::string&, const Options&>)
        object = new Concrete(item.name, options);
      else
        object = new Concrete(options);
    } else {
      object = new Concrete(options, *static_cast<const Context*>(context));
    }
    return object;
  });
}

}  // namespace plugin_detail

/// A backbone class: constructible from (const Options&), or from (const std::string& name, const Options&) where one
/// class serves several names.
template <class Concrete>
PluginItem backbone(std::string name, std::string summary, std::vector<OptionSpec> options) {
  static_assert(std::is_base_of_v<Backbone, Concrete>);
  return {PluginKind::backbone,
          std::move(name),
          std::move(summary),
          std::move(options),
          &plugin_detail::create<Backbone, Concrete, void>,
          &plugin_detail::destroy<Backbone>};
}

/// A head class: constructible from (const Options&, const FeatureShape&).
template <class Concrete>
PluginItem head(std::string name, std::string summary, std::vector<OptionSpec> options) {
  static_assert(std::is_base_of_v<TaskHead, Concrete>);
  return {PluginKind::head,
          std::move(name),
          std::move(summary),
          std::move(options),
          &plugin_detail::create<TaskHead, Concrete, FeatureShape>,
          &plugin_detail::destroy<TaskHead>};
}

/// A weighting class: constructible from (const Options&, const WeightingContext&).
template <class Concrete>
PluginItem weighting(std::string name, std::string summary, std::vector<OptionSpec> options) {
  static_assert(std::is_base_of_v<LossWeighting, Concrete>);
  return {PluginKind::weighting,
          std::move(name),
          std::move(summary),
          std::move(options),
          &plugin_detail::create<LossWeighting, Concrete, WeightingContext>,
          &plugin_detail::destroy<LossWeighting>};
}

}  // namespace mtl

/// In exactly one source file of a plugin, at namespace scope:
///     MTL_PLUGIN(.name = "focal", .version = "1.0", .licence = "MIT", .summary = "...", .offers = "head:focal") {
///       return {mtl::head<FocalHead>("focal", "cross-entropy that looks at the hard samples", FocalHead::options())};
///     }
#define MTL_PLUGIN(...)                                                                                        \
  static std::vector<mtl::PluginItem> mtl_plugin_items();                                                      \
  extern "C" {                                                                                                 \
  /* aligned(4): GCC would align a large object to 32 bytes, which no reader of notes accepts. */              \
  extern const mtl::ElfPluginNote mtl_plugin_note_v1;                                                          \
  __attribute__((section(".note.mtl_plugin"), used, aligned(4))) const mtl::ElfPluginNote mtl_plugin_note_v1 = \
      mtl::make_elf_note(mtl::PluginFacts{__VA_ARGS__});                                                       \
  __attribute__((visibility("default"))) const mtl::PluginApi* mtl_plugin_entry_v1() noexcept {                \
    try {                                                                                                      \
      static const std::vector<mtl::PluginItem> items = mtl_plugin_items();                                    \
      static const mtl::PluginApi api{sizeof(mtl::PluginApi), mtl::sdk_abi, items.data(), items.size()};       \
      return &api;                                                                                             \
    } catch (...) {                                                                                            \
      return nullptr;                                                                                          \
    }                                                                                                          \
  }                                                                                                            \
  }                                                                                                            \
  static std::vector<mtl::PluginItem> mtl_plugin_items()
