# A relocatable tree: the engine finds libmtl_sdk.so and the plugins by paths relative to itself.
file(RELATIVE_PATH lib_from_bin /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
set_target_properties(mtl-engine PROPERTIES INSTALL_RPATH "$ORIGIN/${lib_from_bin}")
install(TARGETS mtl-engine RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY configs DESTINATION ${CMAKE_INSTALL_DATADIR}/mtl-engine)
