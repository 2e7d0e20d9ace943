#include "runtimes/listing.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace muster::runtimes {
namespace {

using Cells = std::vector<std::string>;

/// Columns as wide as their widest cell, two blanks between, nothing behind the last.
std::string table(const std::vector<Cells>& rows) {
  std::vector<std::size_t> widths;
  for (const Cells& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string text;
  for (const Cells& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i)
      line += row[i] + std::string(widths[i] - display_width(row[i]) + 2, ' ');
    line.resize(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  return text;
}

std::string yes_or_no(bool value) {
  return value ? "yes" : "no";
}

std::string reason_of(const Verdict& verdict) {
  const std::string& seen = verdict.available ? verdict.binary_path : verdict.detail;
  return to_string(verdict.reason) + (seen.empty() ? "" : ": " + printable(seen));
}

Cells cells_of(const Verdict& verdict, const Detection& detection) {
  const bool listed = detection.source != Source::database;
  const bool claimed = std::find(detection.claimed.begin(), detection.claimed.end(),
                                 verdict.name) != detection.claimed.end();
  const bool tried = verdict.reason != Reason::overridden;
  return {verdict.name, listed ? yes_or_no(claimed) : "-",
          tried ? yes_or_no(verdict.available) : "-",
          verdict.version.empty() ? "-" : verdict.version, reason_of(verdict)};
}

std::string head(const Listing& listing) {
  const Detection& detection = listing.detection;
  std::string text = "runtimes for " + to_string(detection.role) + "s, ";
  switch (detection.source) {
    case Source::environment:
      text += "claimed by the environment (" + detection.origin + "), ";
      break;
    case Source::configuration:
      text += "claimed by the configuration (" + detection.origin + "), ";
      break;
    case Source::database:
      text += "claimed by nobody, ";
      break;
  }
  return text + "verified by the rows of " + printable(listing.rows) + "\n";
}

}  // namespace

bool Listing::all_met() const {
  return std::all_of(demands.begin(), demands.end(),
                     [](const Demand& each) { return each.answer.met; });
}

std::string render(const Listing& listing) {
  std::vector<Cells> rows{{"RUNTIME", "CLAIMED", "VERIFIED", "VERSION", "REASON"}};
  for (const Verdict& verdict : listing.detection.verdicts)
    rows.push_back(cells_of(verdict, listing.detection));
  std::string text = head(listing) + "\n" + table(rows);
  if (!listing.capabilities.empty()) {
    rows = {{"CAPABILITY", "THERE", "VERSION", "REASON"}};
    for (const Capability& each : listing.capabilities) {
      rows.push_back({each.name, yes_or_no(each.available),
                      each.version.empty() ? "-" : each.version, printable(each.reason)});
    }
    text += "\n" + table(rows);
  }
  if (listing.demands.empty()) return text;
  rows = {{"REQUIRED", "MET", "REASON"}};
  for (const Demand& each : listing.demands) {
    rows.push_back({printable(each.requirement.text), yes_or_no(each.answer.met),
                    printable(each.answer.reason)});
  }
  return text + "\n" + table(rows);
}

Json to_json(const Listing& listing) {
  Json json = to_json(listing.detection);
  json["rows"] = listing.rows;
  Json capabilities = Json::array();
  for (const Capability& each : listing.capabilities) capabilities.push_back(to_json(each));
  json["capabilities"] = std::move(capabilities);
  Json required = Json::array();
  for (const Demand& each : listing.demands) {
    required.push_back({{"requirement", each.requirement.text},
                        {"name", each.requirement.name},
                        {"met", each.answer.met},
                        {"reason", each.answer.reason}});
  }
  json["required"] = std::move(required);
  json["met"] = listing.all_met();
  return json;
}

}  // namespace muster::runtimes
