# Installs the engine and moves it.
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
file(REMOVE_RECURSE ${FOLDER})
run("installing" ${CMAKE_COMMAND} --install ${ENGINE_BUILD} --prefix ${FOLDER}/installed)
file(RENAME ${FOLDER}/installed ${prefix})
