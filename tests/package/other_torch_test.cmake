# A project that finds another LibTorch than the engine's is told so when it is configured.
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
set(project ${FOLDER}/other_torch)
file(WRITE ${project}/torch/TorchConfig.cmake "set(Torch_VERSION 0.4.1)
set(TORCH_INSTALL_PREFIX /opt/other)
set(TORCH_CXX_FLAGS \"-D_GLIBCXX_USE_CXX11_ABI=${OTHER_ABI}\")
")
file(WRITE ${project}/CMakeLists.txt "cmake_minimum_required(VERSION 3.25)
project(other_torch LANGUAGES NONE)
find_package(mtl-engine CONFIG REQUIRED)
")
execute_process(COMMAND ${CMAKE_COMMAND} -G ${GENERATOR} -S ${project} -B ${project}/build -DCMAKE_PREFIX_PATH=${prefix}
                        -DTorch_DIR=${project}/torch
                RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
string(REGEX REPLACE "[ \n]+" " " said "${output}")  # CMake breaks lines as it likes
set(expected "this project finds LibTorch 0.4.1 (the engine: ${TORCH_VERSION}), _GLIBCXX_USE_CXX11_ABI=${OTHER_ABI} (the engine: ${ABI}) in /opt/other; set Torch_DIR or CMAKE_PREFIX_PATH to the LibTorch that the engine in ${prefix} was built with")
string(FIND "${said}" "${expected}" at)
if(code EQUAL 0 OR at EQUAL -1)
  message(FATAL_ERROR "expected '${expected}', got (${code}):\n${output}")
endif()
