# An activated Python environment's torch is the LibTorch its owner means, unless another one is named.
if(NOT Torch_DIR AND DEFINED ENV{VIRTUAL_ENV})
  execute_process(COMMAND $ENV{VIRTUAL_ENV}/bin/python -c "import torch; print(torch.utils.cmake_prefix_path)"
                  OUTPUT_VARIABLE python_torch OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  if(python_torch)
    list(PREPEND CMAKE_PREFIX_PATH ${python_torch})
  endif()
endif()

find_package(Torch REQUIRED)
message(STATUS "LibTorch ${Torch_VERSION} from ${TORCH_INSTALL_PREFIX}")

# TORCH_CXX_FLAGS carries the C++ ABI of an official LibTorch; Debian's carries none.
separate_arguments(torch_flags NATIVE_COMMAND "${TORCH_CXX_FLAGS}")
add_compile_options(${torch_flags})

add_library(mtl_torch INTERFACE)
target_link_libraries(mtl_torch INTERFACE ${TORCH_LIBRARIES})
target_include_directories(mtl_torch SYSTEM INTERFACE ${TORCH_INCLUDE_DIRS})
if(TARGET torch_cuda OR TORCH_CUDA_LIBRARIES)
  target_compile_definitions(mtl_torch INTERFACE MTL_TORCH_CUDA=1)
endif()

find_package(OpenCV REQUIRED COMPONENTS core imgproc imgcodecs)
add_library(mtl_opencv INTERFACE)
target_link_libraries(mtl_opencv INTERFACE ${OpenCV_LIBS})
target_include_directories(mtl_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})

find_package(Threads REQUIRED)
find_package(OpenMP REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)  # SHA-256
find_package(Eigen3 REQUIRED NO_MODULE)  # small linear algebra of the loss weightings
find_package(hwy REQUIRED)  # Highway: vectors for several instruction sets
find_package(Boost REQUIRED)  # headers: Boost.DLL
find_package(tomlplusplus REQUIRED)
find_package(spdlog REQUIRED)
# A LibTorch of a Python package brings headers of fmt, and its folder comes before the system's. spdlog needs those that
# it was built with: mtl_cli looks in this folder first.
if(TARGET fmt::fmt)
  get_target_property(fmt_folder fmt::fmt INTERFACE_INCLUDE_DIRECTORIES)
  set(MTL_FMT_FIRST ${CMAKE_BINARY_DIR}/fmt_first)
  file(MAKE_DIRECTORY ${MTL_FMT_FIRST})
  file(CREATE_LINK ${fmt_folder}/fmt ${MTL_FMT_FIRST}/fmt SYMBOLIC)
endif()
find_package(CLI11 REQUIRED)
find_package(nlohmann_json REQUIRED)
if(MTL_BUILD_TESTS)
  find_package(doctest REQUIRED)
endif()
