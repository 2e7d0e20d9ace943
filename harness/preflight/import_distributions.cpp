#include "preflight/import_distributions.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "preflight/import_project.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

bool is_there(const fs::path& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

std::vector<std::string> lines_of(const fs::path& file) {
  const std::optional<std::string> text = read_source(file.string());
  std::vector<std::string> lines;
  if (!text) return lines;
  for (const std::string& line : split(*text, '\n')) lines.emplace_back(trim(line));
  return lines;
}

/// `Requires-Dist` and `Version` of the headers, up to the first empty line.
void read_headers(Distribution& distribution, const fs::path& file) {
  for (const std::string& line : lines_of(file)) {
    if (line.empty()) break;
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string name = line.substr(0, colon);
    const std::string value(trim(std::string_view(line).substr(colon + 1)));
    if (iequals(name, "Version")) distribution.version = value;
    if (iequals(name, "Requires-Dist")) distribution.requires_.push_back(value);
  }
}

/// `requires.txt` of an egg: lines, below `[extra:marker]` under its conditions.
void read_requires(Distribution& distribution, const fs::path& file) {
  std::string marker;
  for (const std::string& line : lines_of(file)) {
    if (line.empty() || line.starts_with("#")) continue;
    if (line.starts_with("[") && line.ends_with("]")) {
      const std::string section = line.substr(1, line.size() - 2);
      const std::size_t colon = section.find(':');
      const std::string extra = section.substr(0, colon);
      marker = extra.empty() ? "" : "extra == '" + extra + "'";
      if (colon != std::string::npos) {
        const std::string condition = "(" + section.substr(colon + 1) + ")";
        marker = marker.empty() ? condition : condition + " and " + marker;
      }
      continue;
    }
    distribution.requires_.push_back(marker.empty() ? line : line + " ; " + marker);
  }
}

/// Of the files of a distribution: the shallowest packages, and modules in none.
std::vector<std::string> own_modules(const std::vector<std::string>& files) {
  std::set<std::string> packages;
  for (const std::string& file : files) {
    if (file.ends_with("/__init__.py")) packages.insert(file.substr(0, file.size() - 12));
  }
  std::set<std::string> modules;
  for (const std::string& file : files) {
    const std::vector<std::string> parts = split(file, '/');
    if (parts.front() == ".." || parts.front().empty() || parts.front().ends_with("-info"))
      continue;
    std::string name = parts.back();
    const bool extension = name.ends_with(".so");
    if (!name.ends_with(".py") && !extension) continue;
    std::string folder;
    std::string found;
    for (std::size_t i = 0; i + 1 < parts.size() && found.empty(); ++i) {
      folder += (i == 0 ? "" : "/") + parts[i];
      if (packages.count(folder) != 0) found = folder;
    }
    if (found.empty())
      found = folder + (folder.empty() ? "" : "/") + name.substr(0, name.find('.'));
    std::replace(found.begin(), found.end(), '/', '.');
    modules.insert(found);
  }
  return {modules.begin(), modules.end()};
}

/// The folders and modules that an editable install points to: lines of a .pth file that are
/// folders, and the MAPPING of the finder that setuptools writes.
void read_editable(const fs::path& folder, const std::string& file, Holdings& holdings) {
  if (file.ends_with(".pth")) {
    for (const std::string& line : lines_of(folder / file)) {
      if (line.starts_with("/")) holdings.places.push_back(line + (line.ends_with("/") ? "" : "/"));
    }
  } else if (file.starts_with("__editable__") && file.ends_with("_finder.py")) {
    for (const std::string& line : lines_of(folder / file)) {
      if (!line.starts_with("MAPPING")) continue;
      const std::vector<std::string> quoted = split(line.substr(line.find('=') + 1), '\'');
      for (std::size_t i = 1; i + 2 < quoted.size(); i += 4) {
        holdings.modules.push_back(quoted[i]);
        holdings.places.push_back(quoted[i + 2] + "/");
      }
    }
  }
}

std::vector<std::string> listed_files(const Distribution& distribution) {
  std::vector<std::string> files;
  for (const std::string& line : lines_of(fs::path(distribution.metadata) / "RECORD")) {
    if (line.empty()) continue;
    // A name with a comma is quoted, which no module has.
    files.push_back(line.substr(0, line.find(',')));
  }
  if (files.empty()) {
    for (const std::string& line :
         lines_of(fs::path(distribution.metadata) / "installed-files.txt")) {
      if (line.starts_with("../")) files.push_back(line.substr(3));
    }
  }
  return files;
}

}  // namespace

std::map<std::string, Distribution> find_distributions(const std::vector<std::string>& path) {
  std::map<std::string, Distribution> found;
  for (const std::string& folder : path) {
    std::error_code failed;
    for (fs::directory_iterator at(folder, failed), end; !failed && at != end;
         at.increment(failed)) {
      const std::string file = at->path().filename().string();
      const bool egg = file.ends_with(".egg-info");
      if (!egg && !file.ends_with(".dist-info")) continue;
      const std::string stem = at->path().stem().string();
      // `lazr.uri-1.0.6-py3.11`: the version begins at the first dash before a digit.
      std::size_t dash = stem.find('-');
      while (dash != std::string::npos && dash + 1 < stem.size() &&
             (stem[dash + 1] < '0' || stem[dash + 1] > '9'))
        dash = stem.find('-', dash + 1);
      Distribution distribution;
      distribution.name = normalised_name(stem.substr(0, dash));
      distribution.folder = folder;
      distribution.metadata = at->path().string();
      const auto [known, fresh] = found.emplace(distribution.name, distribution);
      // Two in one folder: what has a version was put there by an installer.
      if (!fresh && known->second.folder == folder && dash != std::string::npos &&
          !is_there(fs::path(known->second.metadata) / "RECORD"))
        known->second = distribution;
    }
  }
  return found;
}

void read_metadata(Distribution& distribution) {
  if (distribution.read) return;
  distribution.read = true;
  const fs::path metadata = distribution.metadata;
  if (metadata.extension() == ".dist-info") {
    read_headers(distribution, metadata / "METADATA");
    return;
  }
  std::error_code failed;
  const bool folder = fs::is_directory(metadata, failed);
  read_headers(distribution, folder ? metadata / "PKG-INFO" : metadata);
  if (folder && is_there(metadata / "requires.txt")) {
    distribution.requires_.clear();
    read_requires(distribution, metadata / "requires.txt");
  }
}

Holdings holdings_of(const Distribution& distribution, bool deep) {
  Holdings holdings;
  const fs::path metadata = distribution.metadata;
  if (!deep) {
    for (const std::string& line : lines_of(metadata / "top_level.txt")) {
      if (line.empty()) continue;
      std::string name = line;
      std::replace(name.begin(), name.end(), '/', '.');
      holdings.modules.push_back(name);
    }
  }
  // An editable install lists its modules, but they are elsewhere.
  const bool need_files = deep || holdings.modules.empty() ||
                          !std::all_of(holdings.modules.begin(), holdings.modules.end(),
                                       [&distribution](const std::string& name) {
                                         const fs::path at = fs::path(distribution.folder) / name;
                                         return is_there(at) || is_there(at.string() + ".py");
                                       });
  if (need_files) {
    const std::vector<std::string> files = listed_files(distribution);
    for (const std::string& file : files) {
      if (file.find('/') == std::string::npos) read_editable(distribution.folder, file, holdings);
    }
    const std::vector<std::string> own = own_modules(files);
    holdings.modules.insert(holdings.modules.end(), own.begin(), own.end());
  }
  if (holdings.modules.empty()) {
    // Debian leaves the list of files out, and not every build tool names the modules.
    std::string guess = distribution.name;
    std::replace(guess.begin(), guess.end(), '-', '_');
    const fs::path at = fs::path(distribution.folder) / guess;
    if (is_there(at) || is_there(at.string() + ".py")) holdings.modules.push_back(guess);
  }
  holdings.known = !holdings.modules.empty() || !holdings.places.empty();
  return holdings;
}

}  // namespace muster::preflight
