# What makes a library a plugin. The project's own build and the installed package share this file.
set(MTL_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

# TARGET.so that exports nothing but the contract and leaves no symbol undefined.
function(mtl_make_plugin target)
  # The SDK's headers are C++17. clang++ reads those of LibTorch 1.13 as C++20 with errors (std::vector of a type that is
  # not complete there) and those of 2.6 without.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND Torch_VERSION VERSION_LESS 2.6)
    target_compile_features(${target} PRIVATE cxx_std_17)
  else()
    target_compile_features(${target} PRIVATE cxx_std_20)
  endif()
  target_link_options(${target} PRIVATE -Wl,-z,defs -Wl,--version-script=${MTL_PLUGIN_MAP})
  set_target_properties(${target} PROPERTIES
    PREFIX "" CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON)
endfunction()

# Result: the value of _GLIBCXX_USE_CXX11_ABI that these compiler flags choose.
function(mtl_cxx11_abi flags result)
  set(abi 1)
  if("${flags}" MATCHES "_GLIBCXX_USE_CXX11_ABI=([01])")
    set(abi ${CMAKE_MATCH_1})
  endif()
  set(${result} ${abi} PARENT_SCOPE)
endfunction()
