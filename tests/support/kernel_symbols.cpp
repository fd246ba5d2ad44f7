// SPDX-License-Identifier: Apache-2.0
//
// Objects compiled for AVX2 and AVX-512 share no code with the rest of the program. A weak symbol that an ISA
// object shares with any other could be kept by the linker in place of the baseline's copy, and a plain
// processor would then meet instructions that it does not have (docs/numerics.md). And the baseline objects
// hold no AVX instruction.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::string text;
  std::array<char, 65536> buffer;
  while (const std::size_t n = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), n);
  return pclose(pipe) == 0 ? text : std::string{};
}

bool is_isa_object(const std::string& object) {
  return object.find("_avx2.cpp") != std::string::npos || object.find("_avx512.cpp") != std::string::npos;
}

// Weak functions (which the linker may take from any object), by object of an archive. Weak data is the same
// bytes whoever compiled it.
std::map<std::string, std::set<std::string>> weak_symbols(const std::string& nm) {
  std::map<std::string, std::set<std::string>> weak;
  std::istringstream lines(nm);
  std::string object;
  const std::regex symbol("^[0-9a-f]+ W (.*)$");
  for (std::string line; std::getline(lines, line);) {
    std::smatch m;
    if (!line.empty() && line.back() == ':') {
      object = line.substr(0, line.size() - 1);
      weak[object];
    } else if (std::regex_match(line, m, symbol)) {
      weak[object].insert(m[1]);
    }
  }
  return weak;
}

// Symbols that an ISA object shares with any other object.
std::vector<std::string> shared_with_isa(const std::map<std::string, std::set<std::string>>& weak) {
  std::vector<std::string> shared;
  for (const auto& [isa, symbols] : weak) {
    if (!is_isa_object(isa)) continue;
    for (const auto& [other, theirs] : weak) {
      if (other == isa) continue;
      for (const std::string& s : symbols) {
        if (theirs.count(s) != 0)
          shared.push_back(std::string(s).append(" in ").append(isa).append(" and ").append(other));
      }
    }
  }
  return shared;
}

TEST(Symbols, TheSearchFindsASharedSymbol) {
  const auto weak = weak_symbols("a.cpp.o:\n0000 W f()\n0000 T g()\n\na_avx2.cpp.o:\n0000 W f()\n0000 V h\n");
  ASSERT_EQ(weak.size(), 2U);
  EXPECT_EQ(shared_with_isa(weak), std::vector<std::string>{"f() in a_avx2.cpp.o and a.cpp.o"});
}

TEST(Symbols, IsaObjectsShareNoWeakSymbol) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers stop inlining and add symbols of their own";
#endif
  const std::string nm = output_of("nm -C --defined-only " HORTEGA_KERNEL_ARCHIVE);
  ASSERT_FALSE(nm.empty());
  const auto weak = weak_symbols(nm);
  int isa_objects = 0;
  for (const auto& [object, symbols] : weak) {
    if (!is_isa_object(object)) continue;
    ++isa_objects;
    for (const std::string& s : symbols) {
      // Only templates on the architecture may stand there: no other object can then define the same.
      const bool own = s.find("avx2") != std::string::npos || s.find("avx512") != std::string::npos;
      EXPECT_TRUE(own) << s << " in " << object;
    }
  }
  EXPECT_GE(isa_objects, 2);
  for (const std::string& s : shared_with_isa(weak)) ADD_FAILURE() << s;
}

TEST(Symbols, BaselineObjectsHoldNoAvxInstruction) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "not the code that ships";
#endif
  const std::string code = output_of("objdump -d --no-show-raw-insn " HORTEGA_KERNEL_ARCHIVE);
  ASSERT_FALSE(code.empty());
  std::istringstream lines(code);
  std::string object;
  std::map<std::string, int> avx;
  for (std::string line; std::getline(lines, line);) {
    const auto member = line.find(":     file format");
    if (member != std::string::npos) object = line.substr(0, member);
    if (line.find("%ymm") != std::string::npos || line.find("%zmm") != std::string::npos ||
        line.find("\tv") != std::string::npos) {
      ++avx[object];
    }
  }
  int with_avx = 0;
  for (const auto& [name, count] : avx) {
    if (is_isa_object(name)) {
      with_avx += count > 100 ? 1 : 0;
    } else {
      ADD_FAILURE() << count << " AVX instructions in " << name;
    }
  }
  EXPECT_GE(with_avx, 2);  // the search sees AVX code where it is
}

}  // namespace
