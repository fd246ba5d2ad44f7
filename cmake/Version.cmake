# build/generated/hortega_version.hpp: version, compiler and flags, for core/version.cpp.
set(HORTEGA_COMPILER_NAME ${CMAKE_CXX_COMPILER_ID})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  set(HORTEGA_COMPILER_NAME GCC)
endif()
string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
string(STRIP "${CMAKE_BUILD_TYPE} ${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${build_type}}" HORTEGA_BUILD_FLAGS)
string(REGEX REPLACE " +" " " HORTEGA_BUILD_FLAGS "${HORTEGA_BUILD_FLAGS}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/hortega_version.hpp.in ${PROJECT_BINARY_DIR}/generated/hortega_version.hpp @ONLY)
