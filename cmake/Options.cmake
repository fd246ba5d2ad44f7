# Compiler options of every target of ours.
#
# -ffp-contract=off: both compilers fuse multiply-add by default once FMA is enabled, which changes results between
# instruction sets; the same seed must give the same bytes everywhere (docs/numerics.md).
add_library(hortega_options INTERFACE)
target_compile_options(hortega_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wconversion)
target_include_directories(hortega_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/generated)
if(HORTEGA_WERROR)
  target_compile_options(hortega_options INTERFACE -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Guesses from data flow, wrong at -O2 for inlined std::vector and std::function (GCC 12): warnings only.
    target_compile_options(hortega_options INTERFACE -Wno-error=free-nonheap-object -Wno-error=maybe-uninitialized
      -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=stringop-overread)
  endif()
endif()
if(HORTEGA_SANITIZE)
  target_compile_options(hortega_options INTERFACE -fsanitize=${HORTEGA_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(hortega_options INTERFACE -fsanitize=${HORTEGA_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC's own guesses go wrong in instrumented code (std::regex, std::function).
    target_compile_options(hortega_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()
if(HORTEGA_JTHREAD)
  target_compile_definitions(hortega_options INTERFACE HORTEGA_USE_JTHREAD)
endif()
