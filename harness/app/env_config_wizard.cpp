#include "app/env_config_wizard.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <set>
#include <utility>

#include "app/env_config_file.hpp"
#include "app/env_interrupt.hpp"
#include "app/env_session.hpp"
#include "base/text.hpp"
#include "services/service_spec.hpp"

namespace muster::app {
namespace {

config::Value text_value(std::string text) {
  config::Value value;
  value.data = std::move(text);
  return value;
}

bool is_name(const std::string& text) {
  return !text.empty() && text.size() <= 60 && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  c == '_' || c == '-';
         });
}

std::optional<int> port_of(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() <= 5 &&
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!digits) return std::nullopt;
  const int port = std::stoi(text);
  return port <= 65'535 ? std::optional(port) : std::nullopt;
}

/// One question after another; the first that is left leaves them all.
class Wizard {
 public:
  Wizard(const Ask& ask, const std::function<void(const std::string&)>& tell)
      : ask_(ask), tell_(tell) {}

  /// Asks until `fits` says nothing against the answer.
  std::optional<std::string> ask(const std::string& question, const std::string& otherwise,
                                 const std::function<std::string(const std::string&)>& objection) {
    for (;;) {
      const auto answer = ask_(question, otherwise);
      if (!answer) return std::nullopt;
      const std::string text(trim(answer->empty() ? otherwise : *answer));
      const std::string against = objection(text);
      if (against.empty()) return text;
      tell_(against);
    }
  }

  std::optional<config::Table> service(const std::string& suggested) {
    const auto name = ask("Name of the service", suggested, [&](const std::string& text) {
      if (!is_name(text)) return "a name is letters, digits, - and _";
      return names_.contains(text) ? "there is one of that name already" : "";
    });
    if (!name) return std::nullopt;
    const auto command = ask(
        "Its command ({port} stands for its port)", "",
        [](const std::string& text) { return text.empty() ? "a service needs a command" : ""; });
    if (!command) return std::nullopt;
    const auto port = ask(
        "Its port (0: any free one; none: it has none)",
        command->find("{port}") == std::string::npos ? "none" : "0", [](const std::string& text) {
          return text == "none" || port_of(text) ? "" : "a port is 0 to 65535, or none";
        });
    if (!port) return std::nullopt;
    const bool has_port = *port != "none";
    const auto ready =
        ask("How it shows that it is ready (tcp, http:/path, notify, log:TEXT, none)",
            has_port ? "tcp" : "none", [&](const std::string& text) -> std::string {
              if (text == "none") return "";
              const auto read = services::ready_from_string(text);
              return read ? "" : read.error().message;
            });
    if (!ready) return std::nullopt;
    names_.insert(*name);
    config::Table table;
    table.members.push_back({"name", {}, text_value(*name)});
    table.members.push_back({"command", {}, text_value(*command)});
    if (has_port) {
      config::Value value;
      value.data = static_cast<std::int64_t>(*port_of(*port));
      table.members.push_back({"port", {}, std::move(value)});
    }
    if (*ready != "none") {
      config::Value value;
      value.data = config::Array{text_value(*ready)};
      table.members.push_back({"ready", {}, std::move(value)});
    }
    return table;
  }

  std::optional<bool> yes(const std::string& question, const std::string& otherwise) {
    const auto answer = ask(question + " (y, n)", otherwise, [](const std::string& text) {
      return text == "y" || text == "n" || text == "yes" || text == "no" ? "" : "y or n";
    });
    if (!answer) return std::nullopt;
    return answer->front() == 'y';
  }

 private:
  const Ask& ask_;
  const std::function<void(const std::string&)>& tell_;
  std::set<std::string> names_;
};

}  // namespace

bool run_config_wizard(const Ask& ask, const std::function<void(const std::string&)>& tell,
                       config::ManagedKeys& keys) {
  Wizard wizard(ask, tell);
  config::ManagedKeys made = keys;
  std::string suggested = "web";
  for (;;) {
    auto service = wizard.service(suggested);
    if (!service) return false;
    made.services.push_back(std::move(*service));
    const auto more = wizard.yes("Another service?", "n");
    if (!more) return false;
    if (!*more) break;
    suggested.clear();
  }
  tell(config::write_managed_keys(made));
  const auto write = wizard.yes("Write this to muster.toml?", "y");
  if (!write || !*write) return false;
  keys = std::move(made);
  return true;
}

Ask ask_on_terminal() {
  // lines that were read at once but not asked for yet
  auto waiting = std::make_shared<std::string>();
  auto interrupt = std::make_shared<EnvInterrupt>();
  return [waiting, interrupt](const std::string& question,
                              const std::string& otherwise) -> std::optional<std::string> {
    std::cerr << question << (otherwise.empty() ? "" : " [" + otherwise + "]") << ": "
              << std::flush;
    for (;;) {
      if (const std::size_t end = waiting->find('\n'); end != std::string::npos) {
        std::string line = waiting->substr(0, end);
        waiting->erase(0, end + 1);
        return line;
      }
      pollfd all[2] = {{STDIN_FILENO, POLLIN, 0}, {interrupt->fd(), POLLIN, 0}};
      if (::poll(all, 2, -1) < 0) continue;
      if (all[1].revents != 0) return std::nullopt;
      char piece[1024];
      const ssize_t got = ::read(STDIN_FILENO, piece, sizeof piece);
      if (got <= 0) return std::nullopt;
      waiting->append(piece, static_cast<std::size_t>(got));
    }
  };
}

Result<void> offer_wizard(EnvSession& session) {
  if (!EnvSession::interactive()) {
    const auto folder = session.root();
    return error("not_configured",
                 "no service is declared in " + (folder ? *folder : std::string(".")),
                 kFirstService);
  }
  auto file = read_config_file(session);
  if (!file) return file.error();
  std::cerr << "No service is declared here yet. A few questions, and " << printable(file->path)
            << " is written; Ctrl-C leaves everything as it is.\n";
  config::ManagedKeys keys = file->keys;
  const auto tell = [](const std::string& text) {
    std::cerr << printable(text, true) << (text.ends_with('\n') ? "" : "\n");
  };
  if (!run_config_wizard(ask_on_terminal(), tell, keys))
    return error("interrupted", "nothing was written", "");
  const auto written = write_config_file(*file, keys, false);
  if (!written) return written.error();
  std::cerr << "wrote " << printable(file->path) << '\n';
  return {};
}

}  // namespace muster::app
