#include <filesystem>
#include <set>

#include "base/text.hpp"
#include "preflight/migration_grammar.hpp"
#include "preflight/migration_lexer.hpp"
#include "profile/mutant.hpp"
#include "profile/mutant_text.hpp"

namespace muster::profile {
namespace {

namespace fs = std::filesystem;
using preflight::MigrationBlock;
using preflight::MigrationSection;

/// What a change within SQL may be called: how the parts of a check see it differs with dialect and
/// place, all of these name the statement.
const std::vector<std::string> kTerminator{"missing-terminator", "unterminated-block",
                                           "unterminated-body"};

class MigrationMutants {
 public:
  MigrationMutants(const Original& original, std::string path, std::vector<Mutant>& into)
      : original_(original),
        path_(std::move(path)),
        name_(fs::path(path_).filename().string()),
        text_(original.text(path_)),
        into_(into) {}

  void make() {
    make_versions();
    const auto sections = preflight::parse_migration(text_);
    if (!sections) return;
    for (const MigrationSection& section : *sections) {
      for (const MigrationBlock* block : {&section.up, &section.down}) make_statements(*block);
    }
    if (sections->size() == 1) make_blocks(sections->front());
  }

 private:
  void make_versions() {
    const std::string version = preflight::migration_version(name_);
    const std::string twin =
        (fs::path(path_).parent_path() / (version + "_muster_twin.sql")).string();
    add("duplicate-version", path_, "another migration has the version of " + name_,
        {{Change::Kind::add, twin, "-- migrate:up\nSELECT 1;\n\n-- migrate:down\nSELECT 1;\n"}},
        {"duplicate-version"}, {version, name_});
    if (original_.settings.migrations.applied.count(version) == 0) return;
    write("applied-edited", path_, "was edited after it was applied",
          append_line(text_, "-- edited"), {"edited"});
    add("applied-deleted", path_, name_ + " is gone though it was applied",
        {{Change::Kind::remove, path_, {}}}, {"applied-missing"}, {version, name_});
  }

  void make_statements(const MigrationBlock& block) {
    const std::size_t offset = text_.find(block.text);
    const auto dialects = original_.settings.migrations.dialects;
    if (offset == std::string::npos || dialects.empty()) return;
    const auto lexed = preflight::lex(block.text, dialects.front());
    for (const auto& statement : preflight::split_statements(lexed.tokens, dialects.front())) {
      const auto& word = lexed.tokens[statement.first];
      const auto place = [&](std::size_t at) {
        return path_ + ":" + std::to_string(line_at(text_, offset + at));
      };
      if (statement.terminated) {
        const std::size_t at = lexed.tokens[statement.last].begin;
        std::string text = text_;
        text.erase(offset + at, 1);
        write("terminator-dropped", place(at), "has a statement without ;", text, kTerminator,
              {place(at)});
      }
      if (word.kind == preflight::TokenKind::word && word.word.size() > 2) {
        std::string text = text_;
        text.erase(offset + word.begin + 1, 1);
        write("keyword-misspelt", place(word.begin), ("has a misspelt " + word.word).c_str(), text,
              {"syntax"}, {place(word.begin)});
      }
    }
  }

  void make_blocks(const MigrationSection& section) {
    const auto body = [](const MigrationBlock& block) {
      return block.text.substr(std::min(block.text.find('\n'), block.text.size() - 1) + 1);
    };
    const auto head = [](const MigrationBlock& block) {
      return block.text.substr(0, std::min(block.text.find('\n'), block.text.size() - 1) + 1);
    };
    const std::string before = text_.substr(0, text_.find(section.up.text));
    write("directives-swapped", path_, "has UP where DOWN was",
          before + head(section.down) + body(section.up) + head(section.up) + body(section.down),
          {"dbmate"});
    write("blocks-swapped", path_, "has the statements of DOWN in UP",
          before + head(section.up) + body(section.down) + head(section.down) + body(section.up),
          {"round-trip"});
    if (!into_.empty() && into_.back().kind == "blocks-swapped") {
      into_.back().hint =
          "both blocks parse: only a database that they are applied to notices, see "
          "profile.migrations.dialects in docs/muster_toml.md";
    }
    write("up-directive-removed", path_, "has no UP", without_line(text_, section.up.line),
          {"dbmate"});
    write("down-directive-removed", path_, "has no DOWN", without_line(text_, section.down.line),
          {"dbmate"});
    write("up-emptied", path_, "has an empty UP",
          before + head(section.up) + "\n" + section.down.text, {"empty-up"});
  }

  void write(const char* kind, std::string subject, const char* what, std::string text,
             std::vector<std::string> checks, std::vector<std::string> naming = {}) {
    if (text == text_) return;
    if (naming.empty()) naming = {name_};
    add(kind, std::move(subject), name_ + " " + what,
        {{Change::Kind::write, path_, std::move(text)}}, std::move(checks), std::move(naming));
  }

  void add(const char* kind, std::string subject, std::string what, std::vector<Change> changes,
           std::vector<std::string> checks, std::vector<std::string> naming) {
    into_.push_back({kind,
                     std::move(subject),
                     std::move(what),
                     std::move(changes),
                     std::move(checks),
                     std::move(naming),
                     {}});
  }

  const Original& original_;
  std::string path_;
  std::string name_;
  std::string text_;
  std::vector<Mutant>& into_;
};

}  // namespace

std::vector<Mutant> migration_mutants(const Original& original) {
  std::vector<Mutant> made;
  std::set<std::string> folders;
  for (const ProjectFile& file : original.files.files) {
    if (preflight::migration_version(fs::path(file.path).filename().string()).empty()) continue;
    MigrationMutants(original, file.path, made).make();
    folders.insert(fs::path(file.path).parent_path().string());
  }
  for (const std::string& folder : folders) {
    made.push_back({"migrations-deleted",
                    folder,
                    folder + " is not there",
                    {{Change::Kind::remove, folder, {}}},
                    {"no-folder"},
                    {folder},
                    {}});
    Mutant empty{"migrations-emptied",
                 folder,
                 folder + " has no migration",
                 {},
                 {"subjects", "no-migrations"},
                 {folder},
                 {}};
    empty.changes.push_back({Change::Kind::remove, folder, {}});
    empty.changes.push_back({Change::Kind::add, folder + "/README", "none yet\n"});
    made.push_back(std::move(empty));
  }
  return made;
}

}  // namespace muster::profile
