# Installs the engine, moves it, writes a head with `plugins new`, builds it there with a clean environment, and trains with it
# as a fifth task.
set(prefix ${FOLDER}/moved/engine)
set(engine ${prefix}/bin/mtl-engine)
set(ENV{OMP_NUM_THREADS} 1)

function(run what)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE code OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT code EQUAL 0)
    message(FATAL_ERROR "${what} failed (${code}):\n${output}")
  endif()
endfunction()

function(expect_in file text)
  file(READ ${file} content)
  string(FIND "${content}" "${text}" at)
  if(at EQUAL -1)
    message(FATAL_ERROR "${file} does not say '${text}':\n${content}")
  endif()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER}/moved ${FOLDER}/home)
run("installing" ${CMAKE_COMMAND} --install ${ENGINE_BUILD} --prefix ${FOLDER}/installed)
file(RENAME ${FOLDER}/installed ${prefix})

set(clean ${CMAKE_COMMAND} -E env --unset=CMAKE_PREFIX_PATH --unset=LD_LIBRARY_PATH --unset=MTL_ENGINE_PLUGIN_PATH
          HOME=${FOLDER}/home)
run("plugins new" ${engine} plugins new edge_quality --kind head --dir ${FOLDER})
run("configuring the plugin" ${clean} ${CMAKE_COMMAND} -G ${GENERATOR} -S ${FOLDER}/edge_quality
    -B ${FOLDER}/plugin-build -DCMAKE_PREFIX_PATH=${prefix} -DTorch_DIR=${TORCH}
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${FLAGS})
run("building the plugin" ${clean} ${CMAKE_COMMAND} --build ${FOLDER}/plugin-build)
run("the plugin's own tests" ${clean} ${CMAKE_CTEST_COMMAND} --test-dir ${FOLDER}/plugin-build)

# Dropped into the user's folder, named in a TOML file: a fifth task.
file(COPY ${FOLDER}/plugin-build/edge_quality.so DESTINATION ${FOLDER}/home/.local/share/mtl-engine/plugins)
file(WRITE ${FOLDER}/five.toml "extends = \"${prefix}/share/mtl-engine/configs/base.toml\"
[data.synthetic]
parts = 60
image_size = 32
[input]
size = 32
[train]
epochs = 1
[run]
folder = \"${FOLDER}/runs\"
[[tasks]]
name = \"A\"
plugin = \"defect_class\"
main = true
[[tasks]]
name = \"B\"
plugin = \"defect_normal\"
[[tasks]]
name = \"C\"
plugin = \"region\"
[[tasks]]
name = \"D\"
plugin = \"illumination\"
[[tasks]]
name = \"E\"
plugin = \"edge_quality\"
weight = 0.3
")
run("training" ${clean} --unset=XDG_DATA_HOME ${engine} run ${FOLDER}/five.toml)
expect_in(${FOLDER}/runs/five/run.log "E (edge_quality)")
expect_in(${FOLDER}/runs/five/predictions.csv "E_prediction")
expect_in(${FOLDER}/runs/five/metrics.jsonl "\"E\"")
