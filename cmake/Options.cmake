# Compiler options of every target of ours.
#
# -ffp-contract=off: both compilers fuse multiply-add by default once FMA is enabled, which changes results between
# instruction sets; the same seed must give the same bytes everywhere (DESIGN law 4).
add_library(hortega_options INTERFACE)
target_compile_options(hortega_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wconversion)
target_include_directories(hortega_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
if(HORTEGA_WERROR)
  target_compile_options(hortega_options INTERFACE -Werror)
endif()
if(HORTEGA_SANITIZE)
  target_compile_options(hortega_options INTERFACE -fsanitize=${HORTEGA_SANITIZE} -fno-omit-frame-pointer)
  target_link_options(hortega_options INTERFACE -fsanitize=${HORTEGA_SANITIZE})
endif()
if(HORTEGA_JTHREAD)
  target_compile_definitions(hortega_options INTERFACE HORTEGA_USE_JTHREAD)
endif()
