#pragma once

#include <string>

#include "base/result.hpp"
#include "run/run_settings.hpp"

namespace muster::app {

/// What a test runner around this program asks for by environment variables: GoogleTest's and
/// Bazel's sharding, Bazel's XML_OUTPUT_FILE, TESTBRIDGE_TEST_ONLY,
/// TESTBRIDGE_TEST_RUNNER_FAIL_FAST, TEST_SHARD_STATUS_FILE and TEST_TMPDIR, which becomes TMPDIR
/// of this process and holds its runs unless MUSTER_RUNTIME_DIR says where
/// (https://bazel.build/reference/test-encyclopedia). What stands in the settings already goes
/// first. Errors: `bad_shard`, `shard_status` when that file cannot be made.
Result<void> apply_test_environment(run::RunSettings& settings);

/// Bazel's TEST_PREMATURE_EXIT_FILE: there while the run lasts, so that a program which ends too
/// early is no success.
class PrematureExitFile {
 public:
  PrematureExitFile();
  ~PrematureExitFile();
  PrematureExitFile(const PrematureExitFile&) = delete;
  PrematureExitFile& operator=(const PrematureExitFile&) = delete;

 private:
  std::string path_;
};

}  // namespace muster::app
