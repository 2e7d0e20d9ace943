#include "app/test_environment.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <fstream>

#include "app/environment.hpp"

namespace muster::app {

Result<void> apply_test_environment(run::RunSettings& settings) {
  if (!settings.shard) {
    auto shard = run::Shard::from_environment(environment_variable);
    if (!shard) return shard.error();
    settings.shard = *shard;
  }
  if (const auto status = environment_variable("TEST_SHARD_STATUS_FILE")) {
    if (!std::ofstream(*status)) {
      return error("shard_status", "cannot make TEST_SHARD_STATUS_FILE " + *status);
    }
  }
  if (const auto only = environment_variable("TESTBRIDGE_TEST_ONLY"); only && !only->empty()) {
    if (settings.names.empty()) settings.names.push_back(*only);
  }
  if (environment_variable("TESTBRIDGE_TEST_RUNNER_FAIL_FAST") == "1") settings.fail_fast = true;
  if (const auto folder = environment_variable("TEST_TMPDIR"); folder && !folder->empty()) {
    ::setenv("TMPDIR", folder->c_str(), 1);
    // there is no home to keep runs in
    ::setenv("MUSTER_RUNTIME_DIR", (*folder + "/muster").c_str(), 0);
  }
  if (const auto xml = environment_variable("XML_OUTPUT_FILE"); xml && !xml->empty()) {
    settings.formats.push_back("junit:" + *xml);
  }
  return {};
}

PrematureExitFile::PrematureExitFile()
    : path_(environment_variable("TEST_PREMATURE_EXIT_FILE").value_or("")) {
  if (!path_.empty()) std::ofstream(path_) << "muster run\n";
}

PrematureExitFile::~PrematureExitFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

}  // namespace muster::app
