# Every library we use, all packaged in Debian 12 (scripts/packages lists them with reasons).
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
# Header only; its CMake target asks for the xtl library as soon as that is not installed, which we do not use.
find_path(XSIMD_INCLUDE_DIR xsimd/xsimd.hpp REQUIRED)
find_package(fmt REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Eigen3 REQUIRED NO_MODULE)
find_package(Boost 1.74 REQUIRED)
find_package(NLopt REQUIRED)
pkg_check_modules(UDUNITS REQUIRED IMPORTED_TARGET udunits)
pkg_check_modules(NETCDF REQUIRED IMPORTED_TARGET netcdf)
if(NOT HORTEGA_JTHREAD)
  find_package(TBB REQUIRED)
endif()

# What each layer links. Heavy headers (json, NetCDF, CLI11) stay behind our own headers.
set(HORTEGA_LINK_core fmt::fmt tomlplusplus::tomlplusplus nlohmann_json::nlohmann_json PkgConfig::UDUNITS
    Threads::Threads)
if(NOT HORTEGA_JTHREAD)
  list(APPEND HORTEGA_LINK_core TBB::tbb)
endif()
set(HORTEGA_LINK_lesion PkgConfig::NETCDF)
set(HORTEGA_LINK_analysis Eigen3::Eigen Boost::headers)
set(HORTEGA_LINK_evidence NLopt::nlopt)
set(HORTEGA_LINK_axon PkgConfig::NETCDF)
set(HORTEGA_LINK_output nlohmann_json::nlohmann_json PkgConfig::NETCDF)
