# What the package tests share. FOLDER/engine is the installed engine, in another place than it was installed to.
set(prefix ${FOLDER}/engine)
set(engine ${prefix}/bin/mtl-engine)
set(ENV{OMP_NUM_THREADS} 1)

# A command in an environment that knows nothing of the build tree, its user's home folder among the test's own.
function(clean_command result home)
  set(${result} ${CMAKE_COMMAND} -E env --unset=CMAKE_PREFIX_PATH --unset=LD_LIBRARY_PATH
      --unset=MTL_ENGINE_PLUGIN_PATH --unset=XDG_DATA_HOME HOME=${home} PARENT_SCOPE)
endfunction()

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

# Writes a head NAME with `plugins new`, builds and tests it with a compiler, and drops it into the user's folder.
function(build_plugin name compiler home)
  clean_command(clean ${home})
  set(project ${home}/${name})
  run("plugins new" ${engine} plugins new ${name} --kind head --dir ${home})
  run("configuring the plugin" ${clean} ${CMAKE_COMMAND} -G ${GENERATOR} -S ${project} -B ${project}/build
      -DCMAKE_PREFIX_PATH=${prefix} -DTorch_DIR=${TORCH} -DCMAKE_CXX_COMPILER=${compiler} -DCMAKE_CXX_FLAGS=${FLAGS})
  run("building the plugin" ${clean} ${CMAKE_COMMAND} --build ${project}/build)
  run("the plugin's own tests" ${clean} ${CMAKE_CTEST_COMMAND} --test-dir ${project}/build)
  file(COPY ${project}/build/${name}.so DESTINATION ${home}/.local/share/mtl-engine/plugins)
endfunction()

# Trains A for an epoch on a few pictures, and other tasks that are given as NAME=PLUGIN, into HOME/runs/train.
function(train home)
  set(tasks)
  foreach(task ${ARGN})
    string(REPLACE "=" ";" task ${task})
    list(GET task 0 task_name)
    list(GET task 1 plugin)
    string(APPEND tasks "[[tasks]]\nname = \"${task_name}\"\nplugin = \"${plugin}\"\nweight = 0.3\n")
  endforeach()
  file(WRITE ${home}/train.toml "extends = \"${prefix}/share/mtl-engine/configs/base.toml\"
[data.synthetic]
parts = 60
image_size = 32
[input]
size = 32
[train]
epochs = 1
[run]
folder = \"${home}/runs\"
[[tasks]]
name = \"A\"
plugin = \"defect_class\"
main = true
${tasks}")
  clean_command(clean ${home})
  run("training" ${clean} ${engine} run ${home}/train.toml)
endfunction()

# Trains A, and a head NAME as task E beside the other tasks given as NAME=PLUGIN, and finds E in what the run leaves.
function(train_with name home)
  train(${home} ${ARGN} E=${name})
  expect_in(${home}/runs/train/run.log "E (${name})")
  expect_in(${home}/runs/train/predictions.csv "E_prediction")
  expect_in(${home}/runs/train/metrics.jsonl "\"E\"")
endfunction()
