#pragma once

#include <string>

#include "framework/api/picture_error.h"
#include "framework/api/served_model.h"
#include "mtl/engine.h"
#include "plugins/host/failure.h"

/// What the C functions share: the types behind their pointers, and how what is thrown becomes a status and a sentence.

struct mtl_model {
  mtl_model(const char* path, const mtl::ServeSettings& settings) : served(path, settings) {}
  mtl::ServedModel served;
};

struct mtl_answers {
  mtl::PictureResult result;
};

namespace mtl::c_calls {

/// Keeps the sentence for mtl_last_error() and gives the status back.
mtl_status failed(mtl_status status, const std::string& sentence) noexcept;

/// `other` is what an mtl::Error means here that is about no picture.
template <class Work>
mtl_status guarded(mtl_status other, const Work& work) noexcept {
  try {
    work();
    return MTL_OK;
  } catch (const PictureError& error) {
    return failed(MTL_BAD_PICTURE, error.what());
  } catch (const Error& error) {
    return failed(other, error.what());
  } catch (const std::exception& error) {
    if (host::is_out_of_memory(error))
      return failed(MTL_OUT_OF_MEMORY, "there is not enough memory for the picture or the model");
    return failed(MTL_FAILED, "internal failure: " + host::first_line(error));
  } catch (...) {
    return failed(MTL_FAILED, "internal failure of an unknown kind");
  }
}

}  // namespace mtl::c_calls
