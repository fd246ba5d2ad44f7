// SPDX-License-Identifier: Apache-2.0
// Compression of pictures without a library.
#pragma once

#include <string>
#include <string_view>

namespace hortega::output {

/// `bytes` as a zlib stream (RFC 1950) of one deflate block with fixed codes (RFC 1951). Repeats up to 32 KB
/// back are found; the same bytes give the same stream.
std::string zlib_stream(std::string_view bytes);

}  // namespace hortega::output
