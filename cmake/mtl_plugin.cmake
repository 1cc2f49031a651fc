# What makes a library a plugin. The project's own build and the installed package share this file.
set(MTL_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

# TARGET.so that exports nothing but the contract and leaves no symbol undefined.
function(mtl_make_plugin target)
  target_compile_features(${target} PRIVATE cxx_std_20)
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
