#include "shard/merged_ids.hpp"

namespace muster::shard {

void MergedIds::attached(std::size_t shard, auto& it) {
  for (auto* id : {&it.test_case_started_id, &it.test_step_id, &it.test_run_hook_started_id}) {
    if (*id) *id = of(shard, **id);
  }
}

void MergedIds::rename(std::size_t shard, messages::Envelope& envelope) {
  std::visit([&](auto& message) { on(shard, message); }, envelope);
}

void MergedIds::rename(std::size_t shard, messages::TestCase& it) {
  it.id = of(shard, it.id);
  for (auto& step : it.test_steps) step.id = of(shard, step.id);
  it.test_run_started_id = run_;
}

void MergedIds::on(std::size_t shard, messages::TestRunHookStarted& it) {
  it.id = of(shard, it.id);
  it.test_run_started_id = run_;
}

void MergedIds::on(std::size_t shard, messages::TestRunHookFinished& it) {
  it.test_run_hook_started_id = of(shard, it.test_run_hook_started_id);
}

void MergedIds::on(std::size_t shard, messages::TestCaseStarted& it) {
  it.id = of(shard, it.id);
  it.test_case_id = of(shard, it.test_case_id);
  if (it.worker_id) it.worker_id = std::to_string(shard + 1) + "/" + *it.worker_id;
}

void MergedIds::on(std::size_t shard, messages::TestCaseFinished& it) {
  it.test_case_started_id = of(shard, it.test_case_started_id);
}

void MergedIds::on(std::size_t shard, messages::TestStepStarted& it) {
  it.test_case_started_id = of(shard, it.test_case_started_id);
  it.test_step_id = of(shard, it.test_step_id);
}

void MergedIds::on(std::size_t shard, messages::TestStepFinished& it) {
  it.test_case_started_id = of(shard, it.test_case_started_id);
  it.test_step_id = of(shard, it.test_step_id);
}

void MergedIds::on(std::size_t shard, messages::Suggestion& it) {
  it.id = of(shard, it.id);
}

void MergedIds::on(std::size_t shard, messages::Attachment& it) {
  attached(shard, it);
}

void MergedIds::on(std::size_t shard, messages::ExternalAttachment& it) {
  attached(shard, it);
}

std::string MergedIds::of(std::size_t shard, const std::string& id) {
  const auto [known, made] = ids_.try_emplace({shard, id});
  if (made) known->second = fresh();
  return known->second;
}

}  // namespace muster::shard
