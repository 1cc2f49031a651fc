# Writes a head, builds it with a clean environment and trains with it as a fifth task.
include(${CMAKE_CURRENT_LIST_DIR}/package.cmake)
set(home ${FOLDER}/stranger)
build_plugin(edge_quality ${COMPILER} ${home})
train_with(edge_quality ${home} B=defect_normal C=region D=illumination)
