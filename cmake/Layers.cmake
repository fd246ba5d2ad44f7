# hortega_layer(NAME [LAYERS IT MAY INCLUDE...]): one static library for src/hortega/NAME.
# A file NAME_avx2.cpp or NAME_avx512.cpp is compiled for that instruction set and must hold nothing but templates
# instantiated for it (see docs/numerics.md).
function(hortega_layer name)
  file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/hortega/${name}/*.cpp)
  if(NOT sources)
    add_library(hortega_${name} INTERFACE)
    set(scope INTERFACE)
  else()
    # Baseline objects first: should the compiler ever emit a shared weak symbol, the linker keeps the baseline copy.
    set(isa ${sources})
    list(FILTER sources EXCLUDE REGEX "_avx(2|512)\\.cpp$")
    list(FILTER isa INCLUDE REGEX "_avx(2|512)\\.cpp$")
    add_library(hortega_${name} STATIC ${sources} ${isa})
    # The day loops are worth -O3 (same bits as -O2; see docs/numerics.md). Set for whole files, never by pragma.
    set(kernels ${sources} ${isa})
    list(FILTER kernels INCLUDE REGEX "/kernel(_avx2|_avx512)?\\.cpp$")
    set_property(SOURCE ${kernels} APPEND PROPERTY COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")
    # A block's state is loaded by a loop that GCC would turn into "rep movsq", a tenth of the day loop. And what GCC moves
    # out of the loop over systems it then has no registers for: without, 7 % more with one lane, 8 % on AVX2, 13 % on AVX-512.
    set_property(SOURCE ${kernels} APPEND PROPERTY COMPILE_OPTIONS
      "$<$<CXX_COMPILER_ID:GNU>:-fno-tree-loop-distribute-patterns;-fno-tree-pre;-fno-tree-loop-im>")
    foreach(file IN LISTS isa)
      # GCC 12's own AVX-512 header trips over -Wuninitialized (GCC bug 105593).
      if(file MATCHES "_avx2\\.cpp$")
        set_property(SOURCE ${file} APPEND PROPERTY COMPILE_OPTIONS "-mavx2")
      else()
        set_property(SOURCE ${file} APPEND PROPERTY COMPILE_OPTIONS
          "-mavx512f;-mavx512cd;-mavx512dq;-mavx512bw;-Wno-uninitialized;-Wno-maybe-uninitialized")
      endif()
    endforeach()
    set(scope PUBLIC)
  endif()
  target_link_libraries(hortega_${name} ${scope} hortega_options ${HORTEGA_LINK_${name}})
  foreach(lower IN LISTS ARGN)
    target_link_libraries(hortega_${name} ${scope} hortega_${lower})
  endforeach()
endfunction()
