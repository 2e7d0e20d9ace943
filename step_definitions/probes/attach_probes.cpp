// A step that attaches one of each kind: reports are tried with it.
#include <array>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <span>
#include <string>

#include "muster/step.hpp"

using namespace muster;

namespace {

/// A PNG of one red pixel.
constexpr std::array<unsigned char, 69> kPixel = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48,
    0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x02, 0x00, 0x00,
    0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00, 0x0c, 0x49, 0x44, 0x41, 0x54, 0x08,
    0xd7, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x00, 0x03, 0x01, 0x01, 0x00, 0x18, 0xdd, 0x8d,
    0xb0, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

}  // namespace

STEP("a step attaches one of each kind") = [](Scenario& scenario) {
  scenario.log("a line of the log");
  scenario.attach("a text for whoever reads it", "text/plain");
  scenario.attach(R"({"answer": "forty-two"})", "application/json", "answer.json");
  scenario.attach(std::as_bytes(std::span(kPixel)), "image/png", "pixel.png");
  scenario.link("https://example.invalid/elsewhere");
};

STEP("a step attaches {string} as {string}") = [](Scenario& scenario, std::string text,
                                                  std::string name) {
  scenario.attach(text, "text/plain", name);
};

/// Wherever a body can say something, and as the reason of its failure.
STEP("a step says the bytes of {string} everywhere") = [](Scenario& scenario, std::string file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  std::fwrite(bytes.data(), 1, bytes.size(), stdout);
  std::fwrite(bytes.data(), 1, bytes.size(), stderr);
  scenario.log(bytes);
  scenario.attach(bytes, "text/plain", bytes.substr(0, 200));
  scenario.attach(bytes, "text/html");
  scenario.link("javascript:alert('" + bytes + "')");
  ADD_FAILURE() << bytes;
};
