# A relocatable tree: the engine finds libmtl_sdk.so and the plugins by paths relative to itself.
file(RELATIVE_PATH lib_from_bin /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
set_target_properties(mtl-engine PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")
install(TARGETS mtl-engine RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/mtl-engine)

# What a plugin's author finds: find_package(mtl-engine CONFIG) and pkg-config, with the facts that a plugin must share.
include(CMakePackageConfigHelpers)
string(REGEX MATCH "^[0-9]+\\.[0-9]+" mtl_torch_version "${Torch_VERSION}")
mtl_cxx11_abi("${TORCH_CXX_FLAGS} ${CMAKE_CXX_FLAGS}" mtl_torch_abi)
get_target_property(mtl_sdk_soversion mtl_sdk SOVERSION)
file(STRINGS plugins/sdk/mtl/plugin_note.h mtl_sdk_abi REGEX "sdk_abi = [0-9]+")
string(REGEX REPLACE ".*sdk_abi = ([0-9]+).*" "\\1" mtl_sdk_abi "${mtl_sdk_abi}")
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/mtl-engine)
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH prefix_from_pc /${pc_dir} /)
configure_package_config_file(cmake/mtl-engineConfig.cmake.in ${CMAKE_BINARY_DIR}/package/mtl-engineConfig.cmake
                              INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
get_target_property(mtl_runtime_soversion mtl_runtime SOVERSION)
configure_package_config_file(cmake/mtl-runtimeConfig.cmake.in ${CMAKE_BINARY_DIR}/package/mtl-runtimeConfig.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mtl-runtime NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/mtl-engineConfigVersion.cmake COMPATIBILITY SameMinorVersion)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/package/mtl-runtimeConfigVersion.cmake COMPATIBILITY SameMinorVersion)
configure_file(cmake/mtl-engine.pc.in ${CMAKE_BINARY_DIR}/package/mtl-engine.pc @ONLY)
configure_file(cmake/mtl-runtime.pc.in ${CMAKE_BINARY_DIR}/package/mtl-runtime.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/package/mtl-engineConfig.cmake ${CMAKE_BINARY_DIR}/package/mtl-engineConfigVersion.cmake
              cmake/mtl_plugin.cmake cmake/plugin.map
        DESTINATION ${package_dir})
install(FILES ${CMAKE_BINARY_DIR}/package/mtl-runtimeConfig.cmake ${CMAKE_BINARY_DIR}/package/mtl-runtimeConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/mtl-runtime)
install(FILES ${CMAKE_BINARY_DIR}/package/mtl-engine.pc ${CMAKE_BINARY_DIR}/package/mtl-runtime.pc DESTINATION ${pc_dir})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DATADIR}/mtl-engine)
install(DIRECTORY plugins/template DESTINATION ${CMAKE_INSTALL_DATADIR}/mtl-engine)
