#pragma once

#include <cstddef>
#include <string>

#include "report/story.hpp"

namespace muster::report {

/// `uri:line`, as far as it is known.
std::string place_of(const messages::SourceReference& reference);

/// `Before (database)`; `Hook` when it is not known.
std::string hook_title(const messages::Hook* hook);

/// The step with its keyword as it stands in the feature, or the title of a hook.
std::string step_title(const Story& story, const Attempt& attempt, const StepResult& result);

/// `features/a.feature:7`.
std::string place_of(const Story& story, const messages::Pickle& pickle);

/// Name of a scenario, of which there is no second one in its feature or rule, the same in every
/// run and every shard: behind that of an outline stands which row of which table it is, `eating
/// (lunch #1.2)`, behind that of namesakes their line.
std::string unique_name(const Story& story, const messages::Pickle& pickle);

/// The definitions that fit an ambiguous step, one per line with its place.
std::string candidates(const Story& story, const messages::TestStep& step);

/// Bytes that were attached, before any encoding.
std::size_t size_of(const messages::Attachment& attachment);

/// What a program or a body said by `log`.
bool is_log(const messages::Attachment& attachment);

/// Text that people can read as it is.
bool is_text(const messages::Attachment& attachment);

/// The text of an attachment, decoded if need be.
std::string text_of(const messages::Attachment& attachment);

}  // namespace muster::report
