# The figure libraries of report.html, embedded in the program: vega, vega-lite and vega-embed as package-lock.json
# pins them. `npm ci` runs in the build folder and again only when one of the three npm files changes.
# Without a network: -DHORTEGA_VEGA_NODE_MODULES=DIR takes a node_modules folder that is already there.
set(HORTEGA_VEGA_NODE_MODULES "" CACHE PATH "A node_modules folder with vega, vega-lite and vega-embed (default: npm ci)")

set(vega_packages vega vega-lite vega-embed)
set(vega_files "")
if(HORTEGA_VEGA_NODE_MODULES)
  set(vega_modules ${HORTEGA_VEGA_NODE_MODULES})
else()
  set(vega_modules ${PROJECT_BINARY_DIR}/vega/node_modules)
endif()
foreach(package IN LISTS vega_packages)
  list(APPEND vega_files ${vega_modules}/${package}/build/${package}.min.js ${vega_modules}/${package}/LICENSE)
endforeach()

if(NOT HORTEGA_VEGA_NODE_MODULES)
  find_program(NPM_PROGRAM npm)
  if(NOT NPM_PROGRAM)
    message(FATAL_ERROR "npm is needed to fetch the figure libraries: run `scripts/packages build` as root, "
                        "or give -DHORTEGA_VEGA_NODE_MODULES=DIR")
  endif()
  set(npm_inputs package.json package-lock.json .npmrc)
  list(TRANSFORM npm_inputs PREPEND ${PROJECT_SOURCE_DIR}/)
  # node has its own list of certificate authorities; behind a proxy with one of its own, the system's list is right.
  set(npm_command "NODE_EXTRA_CA_CERTS=\${NODE_EXTRA_CA_CERTS:-/etc/ssl/certs/ca-certificates.crt} \
exec '${NPM_PROGRAM}' ci --prefer-offline --loglevel=error")
  # A file made at the end says that all of them are there.
  set(vega_stamp ${PROJECT_BINARY_DIR}/vega/fetched)
  add_custom_command(
    OUTPUT ${vega_stamp}
    BYPRODUCTS ${vega_files}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${PROJECT_BINARY_DIR}/vega
    COMMAND ${CMAKE_COMMAND} -E copy ${npm_inputs} ${PROJECT_BINARY_DIR}/vega
    COMMAND ${CMAKE_COMMAND} -E chdir ${PROJECT_BINARY_DIR}/vega sh -c "${npm_command}"
    COMMAND ${CMAKE_COMMAND} -E touch ${vega_stamp}
    DEPENDS ${npm_inputs}
    COMMENT "Fetching vega, vega-lite and vega-embed"
    VERBATIM)
else()
  set(vega_stamp ${vega_files})
endif()

# The assembler copies the bytes (.incbin): no compiler reads 800 kB of literals.
set(vega_source ${PROJECT_BINARY_DIR}/generated/vega_bundle.cpp)
set(VEGA_MODULES ${vega_modules})
configure_file(${CMAKE_CURRENT_LIST_DIR}/vega_bundle.cpp.in ${vega_source} @ONLY)
set_source_files_properties(${vega_source} PROPERTIES OBJECT_DEPENDS "${vega_stamp}")
add_library(hortega_vega STATIC ${vega_source})
target_include_directories(hortega_vega PRIVATE ${PROJECT_SOURCE_DIR}/src)
list(APPEND HORTEGA_LINK_output hortega_vega)
