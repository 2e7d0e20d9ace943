#include "preflight/import_facts.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <filesystem>

#include "base/text.hpp"
#include "preflight/import_source.hpp"

namespace muster::preflight {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view package_file = "/__init__.py";

void show_package(ImportLink& link, const std::string& file) {
  if (file.ends_with(package_file) && !link.module.ends_with("/__init__"))
    link.module += "/__init__";
}

/// faulthandler writes ASCII: `\xNN`, `\uNNNN`, `\UNNNNNNNN` stand for the rest.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t digits = text[i] != '\\' || i + 1 >= text.size() ? 0
                               : text[i + 1] == 'x'                    ? 2
                               : text[i + 1] == 'u'                    ? 4
                               : text[i + 1] == 'U'                    ? 8
                                                                       : 0;
    unsigned code = 0;
    const char* begin = text.data() + i + 2;
    if (digits == 0 || i + 2 + digits > text.size() ||
        std::from_chars(begin, begin + digits, code, 16).ptr != begin + digits) {
      out += text[i];
      continue;
    }
    append_utf8(out, code);
    i += 1 + digits;
  }
  return out;
}

bool of_machinery(std::string_view file) {
  return file.starts_with("<") || file.ends_with("/importlib/__init__.py");
}

}  // namespace

std::string shown_file(const std::string& file, const VerdictSetting& setting) {
  const std::string prefix = setting.project + "/";
  return file.starts_with(prefix) ? file.substr(prefix.size()) : file;
}

std::string module_of_file(const std::string& file, const VerdictSetting& setting) {
  std::size_t longest = 0;
  for (const std::vector<std::string>* list : {&setting.search_paths, &setting.path}) {
    for (const std::string& root : *list) {
      if (file.starts_with(root + "/")) longest = std::max(longest, root.size() + 1);
    }
  }
  std::string name = file.substr(longest);
  if (name.ends_with(package_file)) name.resize(name.size() - package_file.size());
  if (name.ends_with(".py")) name.resize(name.size() - 3);
  std::replace(name.begin(), name.end(), '/', '.');
  return name;
}

std::string place_of_module(const std::string& module, const VerdictSetting& setting) {
  fs::path deepest;
  for (const std::string& root : setting.search_paths) {
    fs::path at = root;
    std::error_code failed;
    for (const std::string& part : split(module, '.')) {
      const fs::path file = at / (part + ".py");
      at = fs::is_regular_file(file, failed) ? file : at / part;
      if (!fs::exists(at, failed)) {
        at = at.parent_path();
        break;
      }
    }
    const fs::path package = at / "__init__.py";
    if (at != root && module_of_file(package.string(), setting) == module &&
        fs::is_regular_file(package, failed))
      at = package;
    if (deepest.empty() || at.string().size() > deepest.string().size()) deepest = at;
  }
  const std::string shown = shown_file(deepest.string(), setting);
  return shown == setting.project ? "." : shown;
}

std::string plain_module(const ImportLink& link) {
  std::string_view module = link.module;
  if (module.ends_with("/__init__")) module.remove_suffix(9);
  return std::string(module);
}

std::vector<ImportLink> links_of_facts(const Json& said, const VerdictSetting& setting) {
  std::vector<ImportLink> links;
  if (!said.contains("frames")) return links;
  for (const Json& frame : said["frames"]) {
    ImportLink link;
    const std::string file = string_at(frame, "file");
    link.module = string_at(frame, "module");
    link.file = shown_file(file, setting);
    link.line = frame.value("line", 0);
    link.function = string_at(frame, "function");
    link.imports = string_at(frame, "imports");
    link.text = string_at(frame, "text");
    show_package(link, file);
    links.push_back(std::move(link));
  }
  return links;
}

std::vector<ImportLink> links_of_trace(const std::string& trace, const VerdictSetting& setting) {
  std::vector<ImportLink> links;
  for (const std::string& line : split(trace, '\n')) {
    // `  File "PATH", line 3 in NAME`
    const std::size_t path = line.find("File \"");
    const std::size_t end = line.rfind("\", line ");
    const std::size_t in = line.rfind(" in ");
    if (path == std::string::npos || end == std::string::npos || in == std::string::npos) continue;
    const std::string file = unescaped(std::string_view(line).substr(path + 6, end - path - 6));
    if (of_machinery(file)) continue;
    ImportLink link;
    std::from_chars(line.data() + end + 8, line.data() + line.size(), link.line);
    link.file = shown_file(file, setting);
    link.function = line.substr(in + 4);
    link.module = module_of_file(file, setting);
    link.text = std::string(trim(source_line_of(file, link.line)));
    if (!links.empty() && links.back().function == "<module>")
      link.imports = plain_module(links.back());
    show_package(link, file);
    links.push_back(std::move(link));
  }
  std::reverse(links.begin(), links.end());
  return links;
}

std::vector<SoftMissing> soft_missing_of_facts(const Json& said, const VerdictSetting& setting) {
  std::vector<SoftMissing> list;
  if (!said.contains("soft_missing")) return list;
  for (const Json& facts : said["soft_missing"]) {
    SoftMissing soft;
    soft.name = string_at(facts, "name");
    soft.module = string_at(facts, "module");
    soft.place = Place{shown_file(string_at(facts, "file"), setting), facts.value("line", 0), 0};
    soft.blocked_by = string_at(facts, "blocked_by");
    soft.in_project = facts.value("in_project", false);
    list.push_back(std::move(soft));
  }
  return list;
}

ImportAttribute attribute_of_facts(const Json& facts) {
  ImportAttribute attribute;
  attribute.name = string_at(facts, "name");
  attribute.found = facts.value("found", false);
  attribute.callable = facts.value("callable", false);
  attribute.type = string_at(facts, "type");
  attribute.value = string_at(facts, "value");
  attribute.nearest = string_at(facts, "nearest");
  return attribute;
}

bool is_project_module(const std::string& root, const std::string& top) {
  std::error_code ignored;
  return fs::is_directory(fs::path(root) / top, ignored) ||
         fs::exists(fs::path(root) / (top + ".py"), ignored);
}

std::string proto_of_stub(const std::string& module) {
  std::string name = module.substr(module.rfind('.') + 1);
  for (const std::string_view ending : {"_grpc", "_pb2"}) {
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  }
  return name + ".proto";
}

std::string requirement_name(std::string_view text) {
  text = trim(text);
  std::size_t length = 0;
  while (length < text.size() && (std::isalnum(static_cast<unsigned char>(text[length])) != 0 ||
                                  std::string_view("-_.").find(text[length]) != std::string::npos))
    ++length;
  return normalised_name(text.substr(0, length));
}

std::string distribution_for(const std::string& module) {
  static constexpr std::pair<std::string_view, std::string_view> different[] = {
      {"attr", "attrs"},
      {"bs4", "beautifulsoup4"},
      {"cv2", "opencv-python"},
      {"dateutil", "python-dateutil"},
      {"dotenv", "python-dotenv"},
      {"google.protobuf", "protobuf"},
      {"grpc", "grpcio"},
      {"grpc_tools", "grpcio-tools"},
      {"jwt", "pyjwt"},
      {"magic", "python-magic"},
      {"multipart", "python-multipart"},
      {"OpenSSL", "pyopenssl"},
      {"PIL", "pillow"},
      {"psycopg2", "psycopg2-binary"},
      {"serial", "pyserial"},
      {"sklearn", "scikit-learn"},
      {"yaml", "pyyaml"},
      {"zmq", "pyzmq"},
  };
  for (const auto& [name, distribution] : different) {
    if (module == name || module.starts_with(std::string(name) + "."))
      return std::string(distribution);
  }
  return normalised_name(module.substr(0, module.find('.')));
}

}  // namespace muster::preflight
